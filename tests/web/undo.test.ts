import fc from 'fast-check';
import {
  apply,
  differences,
  isSame,
  type Mark,
  markOf,
  type Roll,
  type Said,
  type Stand,
  type Step,
  stepFrom,
  takenBack,
} from '../../src/web/roll/marks';
import { openOutbox, rollKey } from '../../src/web/roll/outbox';
import { openRollStore } from '../../src/web/roll/roll-store';
import { type Fate, openServer, openStore, students } from './simulated';

const DAY = '2026-11-16';
const place = { section: 7, date: DAY };
const key = rollKey(7, DAY);
const settled = () => new Promise((resolve) => setImmediate(resolve));
const calm = async () => {
  for (let turn = 0; turn < 6; turn++) await settled();
};

type Server = ReturnType<typeof openServer>;
const timeOf = (index: number) => String(index).padStart(6, '0');

/** The last write before another that did something. */
const lastOf = (server: Server, does: (write: Server['writes'][number]) => boolean, before = server.writes.length) =>
  server.writes.slice(0, before).findLastIndex(does);
const takes = ({ over, after }: Server['writes'][number]) => after.taken && !over.taken;
const marks =
  (id: string) =>
  ({ over, after }: Server['writes'][number]) =>
    !isSame(over.marks[id], after.marks[id]);

/** How the roll stands, with who took it and who said what, and when. */
function standOf(server: Server): Stand {
  const stand = server.stand(place);
  const taken = stand.taken ? lastOf(server, takes) : -1;
  const said = Object.entries(stand.marks).map(([id, mark]): [string, Said] => {
    const index = lastOf(server, marks(id));
    return [id, { ...mark, by: server.writes[index]!.by, at: timeOf(index) }];
  });
  const taking = taken < 0 ? undefined : { at: timeOf(taken), by: server.writes[taken]!.by };
  return { ...stand, taking, marks: Object.fromEntries(said) };
}

type Act =
  | { readonly kind: 'tap'; readonly student: number; readonly status: Mark['status']; readonly hasty: boolean }
  | {
      readonly kind: 'office';
      readonly student: number;
      readonly status: Mark['status'] | null;
      readonly taken: boolean | undefined;
    }
  | { readonly kind: 'done' | 'undo'; readonly hasty: boolean }
  | { readonly kind: 'look' | 'tick' | 'deliver' };

const on = { student: fc.constantFrom(...students), hasty: fc.boolean() };
const status = fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('tap' as const), status, ...on }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('done' as const, 'undo' as const), hasty: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('office' as const),
      student: fc.constantFrom(...students),
      status: fc.option(status),
      taken: fc.constantFrom(undefined, true, true, false),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('look' as const, 'tick' as const, 'deliver' as const) }) },
);
const fate = fc.constantFrom<Fate>('answered', 'answered', 'lost', 'answer lost', 'held back', 'twice', 'busy');

/** Plays a page that is touched, and whose questions are always answered by keeping what stands. */
async function play(acts: readonly Act[], fates: Fate[]) {
  const server = openServer();
  let tries: (() => void)[] = [];
  const outbox = openOutbox({
    rollStore: openRollStore(
      'rolls.',
      openStore(),
      () => {},
      () => DAY,
    ),
    async send(update) {
      const saidBefore = [...said];
      await settled();
      saidAt.set(server.writes.length, new Set([...(saidAt.get(server.writes.length) ?? []), ...saidBefore]));
      const sent = await server.send(update, fates.shift() ?? 'answered');
      if (sent.outcome === 'stale') return { ...sent, theirs: standOf(server) };
      return sent.outcome === 'saved' ? { ...sent, stand: standOf(server) } : sent;
    },
    later(work) {
      tries.push(work);
      return () => {
        tries = tries.filter((each) => each !== work);
      };
    },
    alone: (work) => work(),
    onSeen: () => {},
  });
  const loaded = standOf(server);
  let past: Step[] = [];
  let asked = 0;
  /** The roll as it was shown, each time it was taken here. */
  const dones: Roll[] = [];
  /** Of whom the teacher has said by Done, or by a choice, that they are present. */
  const said = new Set<string>();
  /** So it was when the write with this number was sent. */
  const saidAt = new Map<number, ReadonlySet<string>>();

  const base = () => outbox.entries.value.get(key)?.base ?? outbox.seen.value.get(key)?.stand ?? loaded;
  const completed = (roll: Roll, isUntaken: boolean): Roll =>
    !isUntaken && students.every((id) => roll.marks[id]) ? { ...roll, taken: true } : roll;
  const shown = (): Roll => {
    const entry = outbox.entries.value.get(key);
    return entry ? completed(apply(base(), entry), entry.taken === false) : base();
  };
  /** As useRoll does. */
  const change = (statuses: Record<string, Mark>, taken?: true) => {
    const edit = { statuses, taken };
    const step = stepFrom(shown(), completed(apply(shown(), edit), false), edit, base().taking);
    if (step.changes.length === 0 && !step.took) return;
    past = [...past, step];
    if (step.took) dones.push(step.took);
    outbox.put({ ...place, title: 'Algebra', base: base() }, edit);
    void outbox.flush();
  };
  const tap = (student: number, status: Mark['status']) => {
    // Who touches P says that the student is present.
    if (status === 1) said.add(`${student}`);
    else said.delete(`${student}`);
    change({ [student]: { status, comment: '' } });
  };
  const sayByDone = () => {
    for (const id of students) if (markOf(shown(), id)?.status === 1) said.add(`${id}`);
  };
  const undo = () => {
    const step = past.at(-1);
    past = past.slice(0, -1);
    if (!step) return;
    outbox.put({ ...place, title: 'Algebra', base: base() }, takenBack(shown(), step, 'device'));
    if (outbox.entries.value.get(key)?.taken) sayByDone(); // as it did before that step
    // It was over a Done that was on its way, which said so already, and which somebody may have taken back meanwhile.
    if (step.over === '' && standOf(server).taking?.by === 'device')
      for (const { enrollment, before } of step.changes) if (!before) said.add(enrollment);
    void outbox.flush();
  };
  const decide = () => {
    const entry = outbox.entries.value.get(key);
    if (entry?.trouble?.kind === 'conflict') {
      for (const { enrollment } of differences(entry, entry.trouble.theirs)) said.add(enrollment);
      outbox.resolve(key, entry.trouble.theirs, new Set());
    } else if (entry?.trouble?.kind === 'undo') {
      asked++;
      outbox.answer(key, false);
    }
  };

  for (const at of acts) {
    const isTrouble = outbox.entries.value.get(key)?.trouble !== undefined;
    if (at.kind === 'office')
      server.office(place, { [at.student]: at.status && { status: at.status, comment: '' } }, at.taken);
    else if (at.kind === 'deliver') server.deliver();
    else if (at.kind === 'look') {
      if (!outbox.entries.value.has(key)) outbox.note(key, { stand: standOf(server), at: Date.now() });
    } else if (at.kind === 'tick') for (const work of tries.splice(0)) work();
    else if (isTrouble)
      decide(); // the sheet is not there to be touched
    else if (at.kind === 'tap') tap(at.student, at.status);
    else if (at.kind === 'undo') undo();
    else if (!shown().taken) {
      change({}, true);
      sayByDone();
    }
    if (!('hasty' in at && at.hasty)) await calm();
  }
  fates.length = 0;
  for (let turn = 0; turn < 20 && outbox.entries.value.size > 0; turn++) {
    decide();
    for (const work of tries.splice(0)) work();
    await outbox.flush();
    await calm();
  }
  expect(outbox.entries.value.size).toBe(0);
  return { server, saidAt, dones, asked };
}

test('whatever is undone, and whoever writes meanwhile: nobody is present, and no roll untaken, against what others have said since, unless somebody chooses so', async () => {
  let questions = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 4, maxLength: 25 }),
      fc.array(fate, { maxLength: 30 }),
      async (acts, fates) => {
        const { server, saidAt, dones, asked } = await play(acts, [...fates]);
        questions += asked;
        for (const [index, { by, over, after, edit }] of server.writes.entries()) {
          if (by !== 'device') continue;
          const taken = lastOf(server, takes, index);
          for (const id of Object.keys(edit.statuses)) {
            const isMadePresent =
              over.taken && after.taken && over.marks[id] && !after.marks[id] && !saidAt.get(index)?.has(id);
            if (!isMadePresent) continue;
            const marked = lastOf(server, marks(id), index);
            expect(taken).toBeLessThanOrEqual(marked);
            expect(server.writes[marked]!.by).toBe('device');
          }
          if (!over.taken || after.taken) continue;
          expect(server.writes[taken]!.by).toBe('device');
          const ofOffice = students.filter((id) => {
            const isChanged = [...dones, server.writes[taken]!.after].every(
              (one) => !isSame(markOf(one, id), markOf(over, id)),
            );
            return isChanged && server.writes[lastOf(server, marks(`${id}`), index)]!.by === 'office';
          });
          expect(ofOffice).toEqual([]);
        }
      },
    ),
    { numRuns: 400 },
  );
  expect(questions).toBeGreaterThan(20);
});
