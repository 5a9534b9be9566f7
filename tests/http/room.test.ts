import { roomFor } from '../../src/http/room';

/** Enters, and says so; gives how to leave. */
const visits = (room: ReturnType<typeof roomFor>) => {
  const entered: string[] = [];
  const enter = async (name: string, size: number) => {
    const leave = await room.enter(size);
    entered.push(name);
    return leave;
  };
  return { entered, enter };
};
const soon = () => new Promise((resolve) => setImmediate(resolve));

test('who finds no room waits, in the order they came', async () => {
  const { entered, enter } = visits(roomFor(10));
  const first = await enter('a', 6);
  const waiting = [enter('b', 6), enter('c', 1), enter('d', 9)];
  await soon();
  expect(entered).toEqual(['a']);
  first();
  await soon();
  expect(entered).toEqual(['a', 'b', 'c']);
  (await waiting[0]!)();
  await soon();
  expect(entered).toEqual(['a', 'b', 'c', 'd']);
});

test('what needs no room never waits, and what needs too much waits until all have left', async () => {
  const { entered, enter } = visits(roomFor(10));
  const first = await enter('a', 10);
  const large = enter('large', 1_000);
  await enter('small', 0);
  expect(entered).toEqual(['a', 'small']);
  first();
  (await large)();
  await enter('b', 10);
  expect(entered).toEqual(['a', 'small', 'large', 'b']);
});
