import fc from 'fast-check';
import { type Api, openApi } from '../../api';
import { clockless } from '../../clock';
import { runs } from '../../runs';

/** What absences do among other writes is held against a plain model of what somebody has said (design: the ledger says only what it was told). */
const TODAY = '2025-10-08';
const students = ['ada', 'grace', 'alan', 'katherine'] as const;
type Student = (typeof students)[number];
type Said = { readonly status: number; readonly comment: string } | undefined;

const some = fc.uniqueArray(fc.constantFrom(...students), { minLength: 1 });
const command = fc.oneof(
  fc.record({ does: fc.constantFrom('take' as const, 'untake' as const) }),
  fc.record({
    does: fc.constant('say' as const),
    student: fc.constantFrom(...students),
    status: fc.constantFrom(1, 2, 4, null),
  }),
  fc.record({ does: fc.constant('put' as const), students: some, status: fc.constantFrom(1, 2, 4) }),
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('absence' as const),
      students: some,
      status: fc.constantFrom(2, 4),
      comment: fc.constantFrom('', 'trip'),
      overrule: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('take back' as const), which: fc.nat(3) }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

interface Layer {
  readonly of: Map<Student, { from: Said; readonly to: Said }>;
  isTakenBack: boolean;
}

const same = (one: Said, other: Said) => one?.status === other?.status && one?.comment === other?.comment;

/** Present is said, or implied by a roll that is taken; whatever else is known was said. */
class Model {
  readonly said = new Map<Student, Said>();
  readonly absences: Layer[] = [];
  isTaken = false;

  shown(student: Student): Said {
    return this.said.get(student) ?? (this.isTaken ? { status: 1, comment: '' } : undefined);
  }

  say(student: Student, status: number | null): boolean {
    const [was, now] = [this.shown(student), status === null ? undefined : { status, comment: '' }];
    const adds = status === null ? (this.said.get(student) ?? was)?.status !== undefined : !same(was, now);
    if (adds) this.said.set(student, now);
    return adds;
  }

  /** Whether somebody who takes rolls has told the status of everybody. */
  complete(written: readonly Student[]): void {
    const isOnlyOfAbsence = (student: Student) =>
      !written.includes(student) &&
      this.absences.some(
        ({ isTakenBack, of }) => !isTakenBack && of.has(student) && same(of.get(student)!.to, this.said.get(student)),
      );
    if (students.every((student) => this.said.get(student) && !isOnlyOfAbsence(student))) this.isTaken = true;
  }

  put(some: readonly Student[], status: number): void {
    const now = { status, comment: '' };
    this.isTaken = true;
    for (const student of some) if (!same(this.shown(student), now)) this.said.set(student, now);
  }

  /** Whether it says anything. */
  enter(some: readonly Student[], to: NonNullable<Said>, overrule: boolean): boolean {
    const of: Layer['of'] = new Map();
    for (const student of some) {
      const stands = this.shown(student);
      if (stands && !same(stands, to) && !overrule) continue;
      of.set(student, { from: this.said.get(student), to });
      this.said.set(student, to);
    }
    if (of.size > 0) this.absences.push({ of, isTakenBack: false });
    return of.size > 0;
  }

  takeBack(which: number): void {
    const absence = this.absences[which]!;
    if (absence.isTakenBack) return;
    absence.isTakenBack = true;
    for (const [student, { from, to }] of absence.of) {
      const next = this.absences
        .slice(which + 1)
        .find((later) => !later.isTakenBack && later.of.has(student))
        ?.of.get(student);
      if (next && same(next.from, to)) next.from = from;
      if (!next && same(this.shown(student), to)) this.said.set(student, from);
    }
  }
}

let api: Api;
beforeAll(async () => {
  jest.useFakeTimers({ now: new Date(`${TODAY}T17:00:00Z`), doNotFake: [...clockless] });
  api = await openApi();
  await api.world.database.knex('enrollments').where({ id: api.world.enrollments.adaInBiology }).delete();
});
afterAll(async () => {
  await api.close();
  jest.useRealTimers();
});

async function run(command: Command, model: Model, ids: number[]): Promise<void> {
  const { sections, enrollments, people } = api.world;
  const roll = (body: object) => api.patch(`/rolls/${sections.algebra}/${TODAY}`).send(body).expect(200);
  switch (command.does) {
    case 'take':
    case 'untake':
      model.isTaken = command.does === 'take';
      await roll({ taken: model.isTaken });
      return;
    case 'say': {
      const { student, status } = command;
      if (model.say(student, status) && !model.isTaken) model.complete([student]);
      await roll({ statuses: [{ enrollment_id: enrollments[student], status, comment: '' }] });
      return;
    }
    case 'put': {
      const { status } = command;
      const attendance = command.students.map((student) => ({
        enrollment_id: enrollments[student],
        date: TODAY,
        status,
        comment: '',
      }));
      model.put(command.students, status);
      await api.put(`/v1/sections/${sections.algebra}/attendance`).send({ attendances: { attendance } }).expect(200);
      return;
    }
    case 'absence': {
      const { status, comment, overrule } = command;
      const isSaid = model.enter(command.students, { status, comment }, overrule);
      const { body } = await api
        .post('/absences')
        .send({ students: command.students.map((student) => people[student]), from: TODAY, status, comment, overrule })
        .expect(isSaid ? 201 : 400);
      if (isSaid) ids.push(body.id);
      return;
    }
    default: {
      const which = ids.length - 1 - command.which;
      if (which < 0) return;
      model.takeBack(which);
      await api.delete(`/absences/${ids[which]}`).expect(200);
    }
  }
}

async function known(): Promise<object> {
  const { sections, enrollments } = api.world;
  const { taken_at, statuses } = (await api.get(`/rolls/${sections.algebra}/${TODAY}`).expect(200)).body;
  const of = (student: Student) =>
    statuses.find(({ enrollment_id }: { enrollment_id: number }) => enrollment_id === enrollments[student]);
  const shown = students.map((student) => {
    const found = of(student);
    return found ? { status: found.status, comment: found.comment } : taken_at ? { status: 1, comment: '' } : undefined;
  });
  return { isTaken: taken_at !== null, shown };
}

test('absences, other writes, and what is taken back leave what somebody has said, and say nothing of their own', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 8 }), async (commands) => {
      for (const table of [
        'absence_marks',
        'absence_students',
        'absences',
        'journal',
        'marks',
        'presences',
        'meetings',
      ])
        await api.world.database.knex(table).delete();
      const [model, ids] = [new Model(), [] as number[]];
      // At the end the roll is said not to be taken: then it shows what was said, and what only the roll implied.
      for (const each of [...commands, { does: 'untake' } as const]) {
        await run(each, model, ids);
        if (each.does === 'say' || each.does === 'put' || each.does === 'take') continue; // to be quick
        expect(await known()).toEqual({
          isTaken: model.isTaken,
          shown: students.map((student) => model.shown(student)),
        });
      }
    }),
    // It ends with the case that it finds: to look for a shorter one takes longer than a test may.
    { numRuns: runs(10), endOnFailure: true },
  );
});
