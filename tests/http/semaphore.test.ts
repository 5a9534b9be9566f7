import { semaphore } from '../../src/http/admission/semaphore';

/** Enters, and says so; gives how to leave. */
const visits = (turns: ReturnType<typeof semaphore>) => {
  const entered: string[] = [];
  const enter = async (name: string, size: number, client = 1, district = 1) => {
    const leave = await turns.enter(size, { client, district });
    entered.push(name);
    return leave;
  };
  return { entered, enter };
};
const soon = () => new Promise((resolve) => setImmediate(resolve));
const OVERLOADED = expect.objectContaining({ code: 'OVERLOADED' });

test('who finds too little waits, in the order they came', async () => {
  const { entered, enter } = visits(semaphore(10));
  const first = await enter('a', 6, 1, 1);
  const waiting = [enter('b', 6, 2, 2), enter('c', 1, 3, 3), enter('d', 9, 4, 4)];
  await soon();
  expect(entered).toEqual(['a']);
  first();
  await soon();
  expect(entered).toEqual(['a', 'b', 'c']);
  (await waiting[0]!)();
  await soon();
  expect(entered).toEqual(['a', 'b', 'c', 'd']);
});

test('what needs nothing never waits, and what needs too much waits until all have left', async () => {
  const { entered, enter } = visits(semaphore(10));
  const first = await enter('a', 10);
  const large = enter('large', 1_000, 2, 2);
  await enter('small', 0);
  expect(entered).toEqual(['a', 'small']);
  first();
  (await large)();
  await enter('b', 10);
  expect(entered).toEqual(['a', 'small', 'large', 'b']);
});

test('a client has half of it and a district three quarters, and neither keeps others waiting', async () => {
  const { entered, enter } = visits(semaphore(8));
  for (const [client, count] of [
    [1, 6],
    [2, 6],
  ] as const)
    for (let each = 0; each < count; each++) enter(`client ${client}`, 1, client, 1);
  await soon();
  expect(entered).toEqual([...Array(4).fill('client 1'), ...Array(2).fill('client 2')]);
  await enter('of another district', 1, 3, 2);
  await enter('of a third', 1, 4, 3);
  expect(entered.slice(6)).toEqual(['of another district', 'of a third']);
});

test('of those that wait the next is of the district that has least', async () => {
  const { entered, enter } = visits(semaphore(4));
  const leave = await Promise.all([enter('a', 1, 1, 1), enter('a', 1, 1, 1), enter('a', 1, 2, 1), enter('b', 1, 3, 2)]);
  for (const district of [1, 2, 3])
    for (let each = 0; each < 2; each++) enter(`${district}`, 1, 10 + district, district);
  await soon();
  for (const each of leave) {
    each();
    await soon();
  }
  expect(entered.slice(4)).toEqual(['3', '1', '2', '1']);
});

test('a district takes no more of the places to wait than its share either, and who is one too many is refused', async () => {
  const { enter } = visits(semaphore(1, 4));
  await enter('works', 1, 9, 9);
  const refused: unknown[] = [];
  for (let client = 1; client <= 4; client++) enter('waits', 1, client, 1).catch((error) => refused.push(error));
  await soon();
  expect(refused).toEqual([OVERLOADED]);
  const other = enter('of another district', 1, 20, 2);
  await expect(enter('one too many', 1, 30, 3)).rejects.toEqual(OVERLOADED);
  expect(other).toBeInstanceOf(Promise);
});

test('who has waited too long can be refused, and is out of the way of the others', async () => {
  const refusals = new Set<() => void>();
  const turns = semaphore(1, 10, (refuse) => {
    refusals.add(refuse);
    return () => refusals.delete(refuse);
  });
  const { entered, enter } = visits(turns);
  const leave = await enter('works', 1, 1, 1);
  const slow = enter('waits too long', 1, 2, 2);
  enter('waits', 1, 3, 3);
  await soon();
  expect(refusals.size).toBe(2);
  for (const refuse of [...refusals].slice(0, 1)) refuse();
  await expect(slow).rejects.toEqual(OVERLOADED);
  leave();
  await soon();
  expect([entered, refusals.size]).toEqual([['works', 'waits'], 0]);
});

test('it is wanted from those alone whose leaving lets somebody in', async () => {
  const turns = semaphore(4);
  const { enter } = visits(turns);
  const [first, second] = [
    { client: 1, district: 1 },
    { client: 2, district: 2 },
  ];
  await enter('a', 1, 1, 1);
  await enter('a', 1, 1, 1);
  await enter('b', 1, 2, 2);
  expect(turns.isWantedFrom(first)).toBe(false);
  enter('a third of the first client', 1, 1, 1);
  await soon();
  expect([turns.isWantedFrom(first), turns.isWantedFrom(second)]).toEqual([true, false]);
  await enter('c', 1, 3, 3);
  enter('one too many', 1, 4, 4);
  await soon();
  expect([turns.isWantedFrom(first), turns.isWantedFrom(second)]).toEqual([true, true]);
});
