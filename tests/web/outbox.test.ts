import fc from 'fast-check';
import { openDrawer } from '../../src/web/roll/drawer';
import type { Entry } from '../../src/web/roll/entry';
import { apply, differences, type Mark, type Marks, type Stand } from '../../src/web/roll/marks';
import { type Outbox, openOutbox, rollKey } from '../../src/web/roll/outbox';
import type { Sent, Wish } from '../../src/web/roll/wire';
import { Refused } from '../../src/web/shared/api';
import { type Fate, openServer, openStore } from './simulated';

const students = [1, 2, 3];
const [MONDAY, TUESDAY] = ['2026-11-16', '2026-11-17'] as const;
const untaken: Stand = { etag: '"0.json"', taken: false, marks: {} };
const absent: Mark = { status: 2, comment: '' };
const late: Mark = { status: 3, comment: 'bus' };
const of = (date: string, base: Stand = untaken, section = 7) => ({ section, date, students, title: 'Algebra', base });

type Send = (wish: Wish) => Promise<Sent>;

/** A page over a store: its outbox, and the tries that wait for their time. */
function openPage(store: ReturnType<typeof openStore>, send: Send, alone = (work: () => Promise<void>) => work()) {
  const timers = new Map<number, () => void>();
  const waits: number[] = [];
  const outbox = openOutbox({
    drawer: openDrawer('rolls.', store, () => {}),
    send,
    later(work, milliseconds) {
      const id = waits.push(milliseconds);
      timers.set(id, work);
      return () => void timers.delete(id);
    },
    alone,
    onSaved: () => {},
  });
  const tick = () => {
    const due = [...timers];
    timers.clear();
    for (const [, work] of due) work();
  };
  return { outbox, timers, waits, tick };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

const take = (outbox: Outbox, roll: ReturnType<typeof of>, edit: Record<number, Mark>) => {
  outbox.put(roll, (marks) => apply(marks, edit));
  return outbox.flush();
};

test('a roll is on the device before it is sent, and leaves it when the server has it', async () => {
  const [server, store] = [openServer(), openStore()];
  const seen: number[] = [];
  const { outbox } = openPage(store, (wish) => {
    seen.push(store.texts.size);
    return server.send(wish, 'answered');
  });
  await take(outbox, of(MONDAY), { 1: absent });
  expect(seen).toEqual([1]);
  expect(store.texts.size).toBe(0);
  expect(server.stand(of(MONDAY))).toEqual({ etag: '"1.json"', taken: true, marks: { 1: absent } });
});

test('a newer state of the page is no conflict with the one whose answer was lost', async () => {
  const [server, store] = [openServer(), openStore()];
  const fates: Fate[] = ['answer lost', 'answered', 'answered'];
  const { outbox, tick } = openPage(store, (wish) => server.send(wish, fates.shift()!));
  await take(outbox, of(MONDAY), { 1: absent });
  outbox.put(of(MONDAY), (marks) => apply(marks, { 2: late }));
  tick();
  await settled();
  expect(outbox.entries.value.size).toBe(0);
  expect(server.stand(of(MONDAY)).marks).toEqual({ 1: absent, 2: late });
});

test('another day of the section that was changed meanwhile is no conflict; the same day is', async () => {
  const [server, store] = [openServer(), openStore()];
  const { outbox } = openPage(store, (wish) => server.send(wish, 'answered'));
  server.office(of(TUESDAY), { 3: absent });
  await take(outbox, of(MONDAY), { 1: absent });
  expect(server.stand(of(MONDAY)).marks).toEqual({ 1: absent });
  server.office(of(MONDAY), { 1: late });
  await take(outbox, of(MONDAY, { etag: '"2.json"', taken: true, marks: { 1: absent } }), { 2: absent });
  const { trouble } = outbox.entries.value.get(rollKey(7, MONDAY))!;
  expect(trouble).toMatchObject({ kind: 'conflict', theirs: { marks: { 1: late } } });
  expect(server.stand(of(MONDAY)).marks).toEqual({ 1: late });
});

test('what is touched while a roll is on its way goes after it', async () => {
  const [server, store] = [openServer(), openStore()];
  const { outbox } = openPage(store, async (wish) => {
    await settled();
    return server.send(wish, 'answered');
  });
  void take(outbox, of(MONDAY), { 1: absent });
  await take(outbox, of(MONDAY), { 2: late });
  await settled();
  await settled();
  expect(server.writes.map(({ marks }) => marks)).toEqual([{ 1: absent }, { 1: absent, 2: late }]);
  expect(store.texts.size).toBe(0);
});

test('what is touched when all seems sent, and another page may go on, is sent too', async () => {
  const [server, store] = [openServer(), openStore()];
  const slow = (work: () => Promise<void>) =>
    work()
      .then(settled)
      .then(() => undefined);
  const { outbox } = openPage(store, (wish) => server.send(wish, 'answered'), slow);
  const first = take(outbox, of(MONDAY), { 1: absent });
  while (server.writes.length === 0 || store.texts.size > 0) await Promise.resolve();
  outbox.put(of(TUESDAY, server.stand(of(TUESDAY))), (marks) => apply(marks, { 2: late }));
  void outbox.flush();
  await first;
  await settled();
  expect(server.writes.map(({ key }) => key)).toEqual([rollKey(7, MONDAY), rollKey(7, TUESDAY)]);
});

test('what is damaged on the device stops nothing, and stays where it is', async () => {
  const [server, store] = [openServer(), openStore()];
  store.texts.set('rolls.7.2026-11-10', '{"section":7,"da').set('rolls.7.2026-11-11', 'null').set('rolls.x', '[]');
  const { outbox } = openPage(store, (wish) => server.send(wish, 'answered'));
  await take(outbox, of(MONDAY), { 1: absent });
  expect(server.writes).toHaveLength(1);
  expect([...store.texts.keys()]).toEqual(['rolls.7.2026-11-10', 'rolls.7.2026-11-11', 'rolls.x']);
});

test('where the device is full, the roll is sent from the page', async () => {
  const [server, store] = [openServer(), openStore()];
  store.isFull = true;
  const fates: Fate[] = ['lost', 'answered'];
  const { outbox, tick } = openPage(store, (wish) => server.send(wish, fates.shift()!));
  await take(outbox, of(MONDAY), { 1: absent });
  expect(outbox.hasHomeless()).toBe(true);
  tick();
  await settled();
  expect(outbox.hasHomeless()).toBe(false);
  expect(server.stand(of(MONDAY)).marks).toEqual({ 1: absent });
});

test('however often a roll is touched without a network, one try waits, each later than the last', async () => {
  const [server, store] = [openServer(), openStore()];
  const { outbox, timers, waits, tick } = openPage(store, (wish) => server.send(wish, 'lost'));
  for (const id of students) await take(outbox, of(MONDAY), { [id]: absent });
  expect(timers.size).toBe(1);
  for (let turn = 0; turn < 5; turn++) {
    tick();
    await settled();
    expect(timers.size).toBe(1);
  }
  expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000]);
});

test('a server that asks for time is given it, whatever is touched meanwhile', async () => {
  const store = openStore();
  const send = jest.fn(async () => {
    throw new Refused(429, 'TOO_MANY_REQUESTS', 'slow down', 90);
  });
  const { outbox, waits, timers } = openPage(store, send);
  await take(outbox, of(MONDAY), { 1: absent });
  await take(outbox, of(MONDAY), { 2: absent });
  expect([send.mock.calls.length, waits, timers.size]).toEqual([1, [90_000], 1]);
});

test('a section that changes faster than it can be read is left alone for a while', async () => {
  let revision = 0;
  const send = jest.fn(async (): Promise<Sent> => {
    return { outcome: 'stale', theirs: { etag: `"${++revision}.json"`, taken: false, marks: {} } };
  });
  const { outbox, timers } = openPage(openStore(), send);
  await take(outbox, of(MONDAY), { 1: absent });
  expect([send.mock.calls.length, timers.size, outbox.pause.value]).toEqual([5, 1, 'busy']);
});

test('an outbox that is closed sends nothing more', async () => {
  const [server, store] = [openServer(), openStore()];
  const { outbox, tick, timers } = openPage(store, (wish) => server.send(wish, 'lost'));
  await take(outbox, of(MONDAY), { 1: absent });
  outbox.close();
  expect(timers.size).toBe(0);
  tick();
  await outbox.flush();
  expect(server.writes).toEqual([]);
  expect(store.texts.size).toBe(1);
});

test('two pages that change a roll at once keep both changes', async () => {
  const [server, store] = [openServer(), openStore()];
  const pages = [1, 2].map(() => openPage(store, (wish) => server.send(wish, 'answered')));
  pages[0]!.outbox.put(of(MONDAY), (marks) => apply(marks, { 1: absent }));
  pages[1]!.outbox.put(of(MONDAY), (marks) => apply(marks, { 2: late })); // it has not heard of the first
  await pages[0]!.outbox.flush();
  expect(server.stand(of(MONDAY)).marks).toEqual({ 1: absent, 2: late });
});

/** Time for a request or two. */
const calm = async () => {
  for (let turn = 0; turn < 6; turn++) await settled();
};

/* The whole: whatever a bad network does, and whenever the office writes too. */

type Step =
  | {
      readonly kind: 'touch' | 'office';
      readonly date: string;
      readonly student: number;
      readonly status: Mark['status'];
      /** Before what was sent has been answered. */
      readonly hasty: boolean;
    }
  | { readonly kind: 'tick' | 'deliver' | 'reload' };

const status = fc.constantFrom<Mark['status'][]>(1, 2, 3, 4);
const on = {
  date: fc.constantFrom(MONDAY, TUESDAY),
  student: fc.constantFrom(...students),
  status,
  hasty: fc.boolean(),
};
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('touch' as const), ...on }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('office' as const), ...on }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('tick' as const, 'deliver' as const, 'reload' as const) }),
  },
);
const fate = fc.constantFrom<Fate[]>('answered', 'lost', 'answer lost', 'held back', 'twice', 'busy', 'signed out');

/** Plays a day: what the teacher wants, what the page shows, and what somebody decides about each conflict. */
async function play(steps: readonly Step[], fates: Fate[], decide: 'mine' | 'theirs') {
  const [server, store] = [openServer(), openStore()];
  /** What the teacher has seen of a roll, or has said of it, and how much had been written then. */
  const known: { key: string; marks: Marks; at: number }[] = [];
  const know = (key: string, marks: Marks) => known.push({ key, marks, at: server.writes.length });
  const wanted = new Map<string, Marks>();
  const send: Send = async (wish) => {
    know(rollKey(wish.section, wish.date), wish.marks);
    await settled();
    return server.send(wish, fates.shift() ?? 'answered');
  };
  let page = openPage(store, send);
  let count = 0;

  /** As useRoll does: what the page shows is the entry, else what was last saved or loaded. */
  const loaded = new Map<string, Stand>();
  const touch = (date: string, student: number, mark: Mark) => {
    const key = rollKey(7, date);
    const base =
      page.outbox.entries.value.get(key)?.base ?? page.outbox.saved.value.get(key)?.stand ?? loaded.get(date);
    if (!loaded.has(date)) {
      loaded.set(date, server.stand(of(date)));
      know(key, server.stand(of(date)).marks);
    }
    const roll = of(date, base ?? loaded.get(date)!);
    page.outbox.put(roll, (marks) => apply(marks, { [student]: mark }));
    wanted.set(key, page.outbox.entries.value.get(key)!.marks);
    void page.outbox.flush();
  };

  for (const at of steps) {
    const mark = 'status' in at ? { status: at.status, comment: at.status === 1 ? '' : `${++count}` } : undefined;
    if (at.kind === 'touch') touch(at.date, at.student, mark!);
    else if (at.kind === 'office')
      server.office(of(at.date), apply(server.stand(of(at.date)).marks, { [at.student]: mark! }));
    else if (at.kind === 'deliver') server.deliver();
    else if (at.kind === 'tick') page.tick();
    else {
      page.outbox.close();
      page = openPage(store, send);
      void page.outbox.flush();
    }
    if (!('hasty' in at && at.hasty)) await calm();
  }

  // The network is back, and somebody looks at what is left.
  fates.length = 0;
  server.deliver();
  for (let turn = 0; turn < 20 && page.outbox.entries.value.size > 0; turn++) {
    await calm();
    page.tick();
    await page.outbox.flush();
    await calm();
    for (const [key, entry] of page.outbox.entries.value) resolve(key, entry);
    await calm();
  }
  return { server, page, wanted, known };

  function resolve(key: string, { trouble, base, marks }: Entry): void {
    if (trouble?.kind !== 'conflict') return;
    expect(differences(base, marks, trouble.theirs)).not.toEqual([]); // there is something to choose
    know(key, trouble.theirs.marks);
    const next = decide === 'mine' ? marks : trouble.theirs.marks;
    wanted.set(key, next);
    page.outbox.resolve(key, trouble.theirs, next);
  }
}

test('whatever the network does: what was entered arrives, and what others wrote is only replaced by a decision', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.array(fate, { maxLength: 40 }),
      fc.constantFrom('mine' as const, 'theirs' as const),
      async (steps, fates, decide) => {
        const { server, page, wanted, known } = await play(steps, [...fates], decide);
        expect([...page.outbox.entries.value]).toEqual([]);
        // The last word on each roll is the teacher's, or the office's after the teacher's had been saved.
        for (const [key, marks] of wanted) {
          const own = server.writes.filter((write) => write.key === key);
          const arrived = own.findLastIndex((write) => isSameRoll(write.marks, marks));
          const stands = server.stand({ section: 7, date: key.slice(2) });
          expect(arrived >= 0 || isSameRoll(stands.marks, marks)).toBe(true);
          expect(own.slice(arrived + 1).filter(({ by }) => by === 'device')).toEqual([]);
        }
        // Whatever the device wrote over, the teacher had seen: when they began, or beside their own when they decided.
        for (const [at, write] of server.writes.entries()) {
          if (write.by === 'office') continue;
          const seen = known.filter((one) => one.key === write.key && one.at <= at);
          expect(seen.some(({ marks }) => isSameRoll(marks, write.over))).toBe(true);
        }
      },
    ),
    { numRuns: 400 },
  ));

const isSameRoll = (one: Marks, other: Marks): boolean =>
  differences({ etag: '', taken: true, marks: {} }, one, { etag: '', taken: true, marks: other }).length === 0;

test('rolls go out in the order in which they were taken, also after a reload and with a clock set back', async () => {
  const [server, store] = [openServer(), openStore()];
  const clock = jest.spyOn(Date, 'now');
  const dates = ['2026-11-18', '2026-11-16', '2026-11-20', '2026-11-17'];
  const away = openPage(store, (wish) => server.send(wish, 'lost'));
  for (const [index, date] of dates.entries()) {
    clock.mockReturnValue(1_000_000 - index);
    await take(away.outbox, of(date, untaken, index + 1), { 1: absent });
  }
  clock.mockRestore();
  away.outbox.close();
  const { outbox } = openPage(store, (wish) => server.send(wish, 'answered'));
  await outbox.flush();
  expect(server.writes.map(({ key }) => key)).toEqual(dates.map((date, index) => rollKey(index + 1, date)));
});
