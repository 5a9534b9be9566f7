import fc from 'fast-check';
import type { Entry } from '../../src/web/roll/entry';
import {
  apply,
  differences,
  isSame,
  type Mark,
  markOf,
  type Roll,
  type Stand,
  type Statuses,
  stands,
} from '../../src/web/roll/marks';
import { type Outbox, openOutbox, rollKey } from '../../src/web/roll/outbox';
import { openRollStore } from '../../src/web/roll/roll-store';
import type { RollUpdate, Sent } from '../../src/web/roll/wire';
import { Refused } from '../../src/web/shared/api';
import { type Fate, openServer, openStore, students } from './simulated';

const [MONDAY, TUESDAY] = ['2026-11-16', '2026-11-17'] as const;
const untaken: Stand = { etag: '"0.json"', taken: false, marks: {} };
const absent: Mark = { status: 2, comment: '' };
const late: Mark = { status: 3, comment: 'bus' };
const of = (date: string, base: Stand = untaken, section = 7) => ({ section, date, title: 'Algebra', base });

type Send = (update: RollUpdate) => Promise<Sent>;

/** A page over a store: its outbox, and the tries that wait for their time. */
function openPage(store: ReturnType<typeof openStore>, send: Send, alone = (work: () => Promise<void>) => work()) {
  const timers = new Map<number, () => void>();
  const waits: number[] = [];
  const outbox = openOutbox({
    rollStore: openRollStore(
      'rolls.',
      store,
      () => {},
      () => MONDAY,
    ),
    send,
    later(work, milliseconds) {
      const id = waits.push(milliseconds);
      timers.set(id, work);
      return () => void timers.delete(id);
    },
    alone,
    onSeen: () => {},
  });
  const tick = () => {
    const due = [...timers];
    timers.clear();
    for (const [, work] of due) work();
  };
  return { outbox, timers, waits, tick };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

const mark = (outbox: Outbox, roll: ReturnType<typeof of>, statuses: Statuses, taken?: boolean) => {
  outbox.put(roll, { statuses, taken });
  return outbox.flush();
};

test('a roll is on the device before it is sent, and leaves it when the server has it', async () => {
  const [server, store] = [openServer(), openStore()];
  const seen: number[] = [];
  const { outbox } = openPage(store, (update) => {
    seen.push(store.texts.size);
    return server.send(update, 'answered');
  });
  await mark(outbox, of(MONDAY), { 1: absent });
  expect(seen).toEqual([1]);
  expect(store.texts.size).toBe(0);
  expect(server.stand(of(MONDAY))).toEqual({ etag: '"1.json"', taken: false, marks: { 1: absent } });
});

test('a mark says nothing of the others, and takes no roll; taking it names nobody', async () => {
  const [server, store] = [openServer(), openStore()];
  const { outbox } = openPage(store, (update) => server.send(update, 'answered'));
  await mark(outbox, of(MONDAY), { 1: absent });
  await mark(outbox, of(MONDAY, server.stand(of(MONDAY))), {}, true);
  expect(server.writes.map(({ edit }) => edit)).toEqual([
    { statuses: { 1: absent }, taken: undefined },
    { statuses: {}, taken: true },
  ]);
  expect(server.stand(of(MONDAY))).toMatchObject({ taken: true, marks: { 1: absent } });
});

test('what is taken back before it was sent is not sent at all; what may have arrived is', async () => {
  const [server, store] = [openServer(), openStore()];
  const fates: Fate[] = ['answer lost', 'answered', 'answered'];
  const { outbox, tick } = openPage(store, (update) => server.send(update, fates.shift()!));
  outbox.put(of(TUESDAY), { statuses: { 1: absent }, taken: true });
  outbox.put(of(TUESDAY), { statuses: { 1: null }, taken: false });
  expect([outbox.entries.value.size, store.texts.size]).toEqual([0, 0]);
  await mark(outbox, of(MONDAY), { 1: absent }, true);
  expect(server.stand(of(MONDAY)).taken).toBe(true);
  outbox.put(of(MONDAY), { statuses: { 1: null }, taken: false });
  tick();
  await settled();
  expect(server.stand(of(MONDAY))).toMatchObject({ taken: false, marks: {} });
  expect([outbox.entries.value.size, server.writes.length]).toEqual([0, 2]);
});

test('what was taken back is not written afterwards by a request that was long on its way', async () => {
  const [server, store] = [openServer(), openStore()];
  const fates: Fate[] = ['held back', 'answered', 'answered'];
  const { outbox, tick } = openPage(store, (update) => server.send(update, fates.shift()!));
  await mark(outbox, of(MONDAY), { 1: absent });
  outbox.put(of(MONDAY), { statuses: { 1: null } });
  tick();
  await settled();
  expect(outbox.entries.value.size).toBe(0);
  server.deliver();
  expect(server.stand(of(MONDAY)).marks).toEqual({});
});

test('a newer state of the page is no conflict with the one whose answer was lost', async () => {
  const [server, store] = [openServer(), openStore()];
  const fates: Fate[] = ['answer lost', 'answered', 'answered'];
  const { outbox, tick } = openPage(store, (update) => server.send(update, fates.shift()!));
  await mark(outbox, of(MONDAY), { 1: absent });
  outbox.put(of(MONDAY), { statuses: { 2: late } });
  tick();
  await settled();
  expect(outbox.entries.value.size).toBe(0);
  expect(server.stand(of(MONDAY)).marks).toEqual({ 1: absent, 2: late });
});

test('another day of the section that was changed meanwhile is no conflict, nor another student; the same student is', async () => {
  const [server, store] = [openServer(), openStore()];
  const { outbox } = openPage(store, (update) => server.send(update, 'answered'));
  server.office(of(TUESDAY), { 3: absent });
  await mark(outbox, of(MONDAY), { 1: absent });
  expect(server.stand(of(MONDAY)).marks).toEqual({ 1: absent });
  const seen = server.stand(of(MONDAY));
  server.office(of(MONDAY), { 1: late });
  await mark(outbox, of(MONDAY, seen), { 2: absent });
  expect(server.stand(of(MONDAY)).marks).toEqual({ 1: late, 2: absent });
  await mark(outbox, of(MONDAY, seen), { 1: { status: 4, comment: '' } });
  const { trouble } = outbox.entries.value.get(rollKey(7, MONDAY))!;
  expect(trouble).toMatchObject({ kind: 'conflict', theirs: { marks: { 1: late } } });
  expect(server.stand(of(MONDAY)).marks).toEqual({ 1: late, 2: absent });
});

test.each([
  ['the mark', 'first'],
  ['the taking', 'first'],
])('%s comes %s: somebody takes the roll while another marks a student, and both stand', async (which) => {
  const [server, store] = [openServer(), openStore()];
  const { outbox } = openPage(store, (update) => server.send(update, 'answered'));
  const isMark = which === 'the mark';
  server.office(of(MONDAY), isMark ? { 1: absent } : {}, isMark ? undefined : true);
  await mark(outbox, of(MONDAY), isMark ? {} : { 1: absent }, isMark ? true : undefined);
  expect(outbox.entries.value.size).toBe(0);
  expect(server.stand(of(MONDAY))).toMatchObject({ taken: true, marks: { 1: absent } });
});

test('of two who mark a student, somebody who chooses theirs lets the rest of mine go out', async () => {
  const [server, store] = [openServer(), openStore()];
  const { outbox } = openPage(store, (update) => server.send(update, 'answered'));
  server.office(of(MONDAY), { 1: late });
  await mark(outbox, of(MONDAY), { 1: absent, 2: absent }, true);
  const { trouble } = outbox.entries.value.get(rollKey(7, MONDAY))!;
  if (trouble?.kind !== 'conflict') throw new Error('There is no conflict.');
  outbox.resolve(rollKey(7, MONDAY), trouble.theirs, new Set(['1']));
  await settled();
  expect(server.stand(of(MONDAY))).toMatchObject({ taken: true, marks: { 1: late, 2: absent } });
});

/** What an earlier page left: a whole roll, taken by whatever was touched. */
const wholeRoll = (date: string, marks: object, base: object = {}, unheard: readonly object[] = []) =>
  JSON.stringify({
    ...{ section: 7, date, title: 'Algebra', students, since: 1, marks, unheard },
    base: { ...untaken, marks: base },
  });

test.each([
  ['all of whom are present', MONDAY, {}, {}, [], { taken: true, marks: {} }],
  ['with exceptions', MONDAY, { 1: absent, 2: late }, {}, [], { taken: true, marks: { 1: absent, 2: late } }],
  ['with a mark cleared', MONDAY, {}, { 1: absent }, [], { taken: true, marks: {} }],
  ['with a mark cleared that may have arrived', MONDAY, {}, {}, [{ 1: absent }], { taken: true, marks: {} }],
  ['of a day to come', TUESDAY, { 1: absent }, {}, [], { taken: false, marks: { 1: absent } }],
])(
  'a roll that an earlier page left on the device goes out as it was meant: %s',
  async (_what, date, marks, base, unheard, expected) => {
    const [server, store] = [openServer(), openStore()];
    if (Object.keys(base).length > 0) server.office(of(date), base);
    for (const sent of unheard) server.office(of(date), sent, true);
    store.texts.set(`rolls.7.${date}`, wholeRoll(date, marks, base, unheard));
    const { outbox } = openPage(store, (update) => server.send(update, 'answered'));
    expect([...outbox.entries.value.keys()]).toEqual([rollKey(7, date)]);
    await outbox.flush();
    expect(store.texts.size).toBe(0);
    expect(server.stand(of(date))).toMatchObject(expected);
  },
);

test('what an earlier page left is not written over what somebody else has said of the same student since', async () => {
  const [server, store] = [openServer(), openStore()];
  server.office(of(MONDAY), { 1: late, 3: absent });
  store.texts.set(`rolls.7.${MONDAY}`, wholeRoll(MONDAY, { 1: absent, 2: late }));
  const { outbox } = openPage(store, (update) => server.send(update, 'answered'));
  await outbox.flush();
  const entry = outbox.entries.value.get(rollKey(7, MONDAY))!;
  expect(entry.trouble).toMatchObject({ kind: 'conflict' });
  expect(differences(entry, server.stand(of(MONDAY))).map(({ enrollment }) => enrollment)).toEqual(['1']);
});

test('what is touched while a roll is on its way goes after it', async () => {
  const [server, store] = [openServer(), openStore()];
  const { outbox } = openPage(store, async (update) => {
    await settled();
    return server.send(update, 'answered');
  });
  void mark(outbox, of(MONDAY), { 1: absent });
  await mark(outbox, of(MONDAY), { 2: late });
  await settled();
  await settled();
  expect(server.writes.map(({ edit }) => edit.statuses)).toEqual([{ 1: absent }, { 2: late }]);
  expect(store.texts.size).toBe(0);
});

test('what is touched when all seems sent, and another page may go on, is sent too', async () => {
  const [server, store] = [openServer(), openStore()];
  const slow = (work: () => Promise<void>) =>
    work()
      .then(settled)
      .then(() => undefined);
  const { outbox } = openPage(store, (update) => server.send(update, 'answered'), slow);
  const first = mark(outbox, of(MONDAY), { 1: absent });
  while (server.writes.length === 0 || store.texts.size > 0) await Promise.resolve();
  outbox.put(of(TUESDAY, server.stand(of(TUESDAY))), { statuses: { 2: late } });
  void outbox.flush();
  await first;
  await settled();
  expect(server.writes.map(({ key }) => key)).toEqual([rollKey(7, MONDAY), rollKey(7, TUESDAY)]);
});

test('what is damaged on the device stops nothing, and stays where it is', async () => {
  const [server, store] = [openServer(), openStore()];
  store.texts.set('rolls.7.2026-11-10', '{"section":7,"da').set('rolls.7.2026-11-11', 'null').set('rolls.x', '[]');
  const { outbox } = openPage(store, (update) => server.send(update, 'answered'));
  await mark(outbox, of(MONDAY), { 1: absent });
  expect(server.writes).toHaveLength(1);
  expect([...store.texts.keys()]).toEqual(['rolls.7.2026-11-10', 'rolls.7.2026-11-11', 'rolls.x']);
});

test('where the device is full, the roll is sent from the page', async () => {
  const [server, store] = [openServer(), openStore()];
  store.isFull = true;
  const fates: Fate[] = ['lost', 'answered'];
  const { outbox, tick } = openPage(store, (update) => server.send(update, fates.shift()!));
  await mark(outbox, of(MONDAY), { 1: absent });
  expect(outbox.hasHomeless()).toBe(true);
  tick();
  await settled();
  expect(outbox.hasHomeless()).toBe(false);
  expect(server.stand(of(MONDAY)).marks).toEqual({ 1: absent });
});

test('however often a roll is touched without a network, one try waits, each later than the last', async () => {
  const [server, store] = [openServer(), openStore()];
  const { outbox, timers, waits, tick } = openPage(store, (update) => server.send(update, 'lost'));
  for (const id of students) await mark(outbox, of(MONDAY), { [id]: absent });
  expect(timers.size).toBe(1);
  for (let turn = 0; turn < 5; turn++) {
    tick();
    await settled();
    expect(timers.size).toBe(1);
  }
  expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000]);
});

test('when the network is back, a try that fails is not the last of a long row', async () => {
  const [server, store] = [openServer(), openStore()];
  const { outbox, waits, tick } = openPage(store, (update) => server.send(update, 'lost'));
  await mark(outbox, of(MONDAY), { 1: absent });
  for (let turn = 0; turn < 3; turn++) {
    tick();
    await settled();
  }
  outbox.networkBack();
  await settled();
  expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 2_000]);
});

test('a network that comes back while a try is still failing is not waited for', async () => {
  const [server, store] = [openServer(), openStore()];
  const fates: Fate[] = ['lost', 'answered'];
  const { outbox, timers } = openPage(store, (update) => server.send(update, fates.shift()!));
  const failing = mark(outbox, of(MONDAY), { 1: absent });
  outbox.networkBack();
  await failing;
  await settled();
  expect(server.stand(of(MONDAY)).marks).toEqual({ 1: absent });
  expect([timers.size, outbox.pause.value]).toEqual([0, undefined]);
});

test('a server that asks for time is given it, whatever is touched meanwhile', async () => {
  const store = openStore();
  const send = jest.fn(async () => {
    throw new Refused(429, 'TOO_MANY_REQUESTS', 'slow down', 90);
  });
  const { outbox, waits, timers } = openPage(store, send);
  await mark(outbox, of(MONDAY), { 1: absent });
  await mark(outbox, of(MONDAY), { 2: absent });
  expect([send.mock.calls.length, waits, timers.size]).toEqual([1, [90_000], 1]);
});

test('a section that changes faster than it can be read is left alone for a while', async () => {
  let revision = 0;
  const send = jest.fn(async (): Promise<Sent> => {
    return { outcome: 'stale', theirs: { etag: `"${++revision}.json"`, taken: false, marks: {} } };
  });
  const { outbox, timers } = openPage(openStore(), send);
  await mark(outbox, of(MONDAY), { 1: absent });
  expect([send.mock.calls.length, timers.size, outbox.pause.value]).toEqual([5, 1, 'busy']);
});

test('an outbox that is closed sends nothing more', async () => {
  const [server, store] = [openServer(), openStore()];
  const { outbox, tick, timers } = openPage(store, (update) => server.send(update, 'lost'));
  await mark(outbox, of(MONDAY), { 1: absent });
  outbox.close();
  expect(timers.size).toBe(0);
  tick();
  await outbox.flush();
  expect(server.writes).toEqual([]);
  expect(store.texts.size).toBe(1);
});

test('two pages that change a roll at once keep both changes', async () => {
  const [server, store] = [openServer(), openStore()];
  const pages = [1, 2].map(() => openPage(store, (update) => server.send(update, 'answered')));
  pages[0]!.outbox.put(of(MONDAY), { statuses: { 1: absent } });
  pages[1]!.outbox.put(of(MONDAY), { statuses: { 2: late } }); // it has not heard of the first
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
      /** Of whom something is said, or null: what was said is taken back. */
      readonly student: number;
      readonly status: Mark['status'] | null;
      /** Whether the roll is taken, or said not to be, with it. */
      readonly taken: boolean | undefined;
      /** Before what was sent has been answered. */
      readonly hasty: boolean;
    }
  | { readonly kind: 'tick' | 'deliver' | 'reload' };

const on = {
  date: fc.constantFrom(MONDAY, TUESDAY),
  student: fc.constantFrom(...students),
  status: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const, null),
  taken: fc.constantFrom(undefined, undefined, undefined, true, false),
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
  /** What the teacher has seen of a roll, and how much had been written then. */
  const known: { key: string; roll: Roll; at: number }[] = [];
  const know = (key: string, roll: Roll) => known.push({ key, roll, at: server.writes.length });
  /** By roll and student, and by roll. */
  const wanted = new Map<string, Map<string, Mark | null>>();
  const wantedTaken = new Map<string, boolean>();
  const send: Send = async (update) => {
    know(rollKey(update.section, update.date), apply(update.base, update));
    await settled();
    return server.send(update, fates.shift() ?? 'answered');
  };
  let page = openPage(store, send);
  let count = 0;

  /** As useRoll does: what the page shows is the entry, else what was last saved or loaded. */
  const loaded = new Map<string, Stand>();
  const touch = (date: string, student: number, said: Mark | null, taken?: boolean) => {
    const key = rollKey(7, date);
    if (!loaded.has(date)) loaded.set(date, server.stand(of(date)));
    page.outbox.refresh(); // a page is told what another has changed on the device: by an event of the storage
    const entry = page.outbox.entries.value.get(key);
    const base = entry?.base ?? page.outbox.seen.value.get(key)?.stand ?? loaded.get(date)!;
    know(key, base);
    // The page offers no more than to take what is not taken, and to take that back.
    const isTaken = entry ? apply(base, entry).taken : base.taken;
    const update = taken === !isTaken ? taken : undefined;
    page.outbox.put(of(date, base), { statuses: { [student]: said }, taken: update });
    wanted.set(key, (wanted.get(key) ?? new Map()).set(String(student), said));
    if (update !== undefined) wantedTaken.set(key, update);
    void page.outbox.flush();
  };

  for (const at of steps) {
    if ('status' in at) {
      const said = at.status && { status: at.status, comment: at.status === 1 ? '' : `${++count}` };
      if (at.kind === 'touch') touch(at.date, at.student, said, at.taken);
      else server.office(of(at.date), { [at.student]: said }, at.taken);
    } else if (at.kind === 'deliver') server.deliver();
    else if (at.kind === 'tick') page.tick();
    else {
      page.outbox.close();
      loaded.clear();
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
  return { server, page, wanted, wantedTaken, known };

  function resolve(key: string, entry: Entry): void {
    if (entry.trouble?.kind !== 'conflict') return;
    const { theirs } = entry.trouble;
    const found = differences(entry, theirs);
    expect(found).not.toEqual([]); // there is something to choose
    know(key, theirs);
    if (decide === 'theirs')
      for (const { enrollment, theirs } of found) wanted.get(key)!.set(enrollment, theirs ?? null);
    const given = decide === 'theirs' ? found.map(({ enrollment }) => enrollment) : [];
    page.outbox.resolve(key, theirs, new Set(given));
  }
}

test('whatever the network does: what was entered arrives, and what others wrote is only replaced by a decision', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.array(fate, { maxLength: 40 }),
      fc.constantFrom('mine' as const, 'theirs' as const),
      async (steps, fates, decide) => {
        const { server, page, wanted, wantedTaken, known } = await play(steps, [...fates], decide);
        expect([...page.outbox.entries.value]).toEqual([]);
        const nothing: Roll = { taken: false, marks: {} };
        for (const [key, statuses] of wanted) {
          const own = server.writes.filter((write) => write.key === key);
          const states = [nothing, ...own.map(({ after }) => after)];
          // The last word on each student is the teacher's, or the office's after the teacher's had been saved.
          for (const [id, said] of statuses) {
            const arrived = states.findLastIndex((state) => stands(state, id, said));
            expect([key, id, arrived >= 0]).toEqual([key, id, true]);
            expect(own.slice(arrived).filter((write) => write.by === 'device' && isChanged(write, id))).toEqual([]);
          }
          // So it is on whether the roll is taken; and nobody is said to be present whom nobody touched.
          const taken = wantedTaken.get(key);
          const arrived = states.findLastIndex((state) => state.taken === taken);
          if (taken !== undefined) {
            expect([key, taken, arrived >= 0]).toEqual([key, taken, true]);
            const later = own.slice(arrived).filter(({ by, edit }) => by === 'device' && edit.taken !== undefined);
            expect(later).toEqual([]);
          }
          const touched = own.filter(({ by }) => by === 'device').flatMap(({ edit }) => Object.keys(edit.statuses));
          expect(touched.filter((id) => !statuses.has(id))).toEqual([]);
        }
        // Whatever the device wrote over, the teacher had seen: when they began, or beside their own when they decided.
        for (const [at, { by, key, over, edit }] of server.writes.entries()) {
          const seen = known.filter((one) => one.key === key && one.at <= at);
          const changed = by === 'device' ? Object.keys(edit.statuses).filter((id) => over.marks[id]) : [];
          for (const id of changed.filter((id) => !stands(over, id, edit.statuses[id] ?? null)))
            expect(seen.some(({ roll }) => isSame(markOf(roll, id), over.marks[id]))).toBe(true);
        }
      },
    ),
    { numRuns: 400 },
  ));

/** Whether a student was given another status by name. */
const isChanged = (
  { edit, over }: Pick<ReturnType<typeof openServer>['writes'][number], 'edit' | 'over'>,
  id: string,
) => id in edit.statuses && !stands(over, id, edit.statuses[id] ?? null);

test('rolls go out in the order in which they were taken, also after a reload and with a clock set back', async () => {
  const [server, store] = [openServer(), openStore()];
  const clock = jest.spyOn(Date, 'now');
  const dates = ['2026-11-18', '2026-11-16', '2026-11-20', '2026-11-17'];
  const away = openPage(store, (update) => server.send(update, 'lost'));
  for (const [index, date] of dates.entries()) {
    clock.mockReturnValue(1_000_000 - index);
    await mark(away.outbox, of(date, untaken, index + 1), { 1: absent });
  }
  clock.mockRestore();
  away.outbox.close();
  const { outbox } = openPage(store, (update) => server.send(update, 'answered'));
  await outbox.flush();
  expect(server.writes.map(({ key }) => key)).toEqual(dates.map((date, index) => rollKey(index + 1, date)));
});
