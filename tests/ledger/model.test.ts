import fc from 'fast-check';
import type { Status } from '../../src/ledger/attendance';
import { openWorld, type World } from '../world';

/** The ledger against the simplest thing that keeps its promises: a map of marks and a set of taken dates. */
const students = ['ada', 'grace', 'alan', 'katherine'] as const;
const dates = ['2025-10-05', '2025-10-06', '2025-10-09', '2025-10-10'] as const;
const days = {
  ada: ['2025-08-25', '2026-06-12'],
  grace: ['2025-08-25', '2026-06-12'],
  alan: ['2025-10-06', '2026-06-12'],
  katherine: ['2025-08-25', '2025-10-10'],
} as const;
type Student = (typeof students)[number];

const enrolled = (student: Student, date: string) => date >= days[student][0] && date < days[student][1];

const item = fc.record({
  student: fc.constantFrom(...students),
  date: fc.constantFrom(...dates),
  status: fc.constantFrom<Status>(1, 2, 3, 4),
  comment: fc.option(fc.constantFrom('', 'ill', 'bus'), { nil: undefined }),
});
const requests = fc.array(fc.array(item, { minLength: 1, maxLength: 6 }), { maxLength: 8 });

class Model {
  readonly marks = new Map<string, { status: Status; comment: string }>();
  readonly taken = new Set<string>();

  write({
    student,
    date,
    status,
    comment,
  }: {
    student: Student;
    date: string;
    status: Status;
    comment: string | undefined;
  }): boolean {
    if (!enrolled(student, date)) return false;
    this.taken.add(date);
    const key = `${date} ${student}`;
    const kept = this.marks.get(key)?.status === status ? this.marks.get(key)!.comment : '';
    if (status === 1) this.marks.delete(key);
    else this.marks.set(key, { status, comment: comment ?? kept });
    return true;
  }

  entries() {
    return [...this.taken].sort().flatMap((date) =>
      students
        .filter((student) => enrolled(student, date))
        .map((student) => ({
          date,
          student,
          ...(this.marks.get(`${date} ${student}`) ?? { status: 1, comment: '' }),
        })),
    );
  }
}

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const clear = async () => {
  for (const table of ['journal', 'marks', 'meetings']) await world.database.knex(table).delete();
};

test('any sequence of writes leaves what the model has, and a journal that leads there', async () => {
  const filter = { district: world.districts.larkspur, section: world.sections.algebra };
  const nameOf = (id: number) => students.find((student) => world.enrollments[student] === id)!;
  await fc.assert(
    fc.asyncProperty(requests, async (sequence) => {
      await clear();
      const model = new Model();
      for (const items of sequence) {
        const marks = items.map(({ student, ...rest }) => ({ ...rest, enrollment: world.enrollments[student] }));
        const outcomes = await world.ledger.record(marks, world.actor);
        expect(outcomes.map(({ ok }) => ok)).toEqual(items.map((each) => model.write(each)));
      }
      const entries = await world.ledger.entries(filter);
      expect(
        entries.map(({ date, enrollment_id, status, comment }) => ({
          date,
          student: nameOf(enrollment_id),
          status,
          comment,
        })),
      ).toEqual(model.entries());

      const replayed = new Map<string, { status: Status; comment: string }>();
      for (const row of (await world.ledger.history(filter)).reverse()) {
        if (row.enrollment_id === null) continue;
        const key = `${row.date} ${nameOf(row.enrollment_id)}`;
        const before = replayed.get(key);
        if (before) expect({ status: row.from_status, comment: row.from_comment }).toEqual(before);
        // No mark holds the comment of a present: only the journal has it.
        replayed.set(key, { status: row.to_status!, comment: row.to_status === 1 ? '' : row.to_comment });
      }
      for (const [key, last] of replayed) if (last.status === 1) replayed.delete(key);
      expect(replayed).toEqual(model.marks);

      const totals = await world.ledger.totals(filter);
      expect(totals.reduce((sum, { count }) => sum + count, 0)).toBe(model.marks.size);
    }),
    { numRuns: process.env.ENGINE === 'sqlite' ? 150 : 50 },
  );
});

test('the same sequence twice in a row changes nothing the second time', async () => {
  const filter = { district: world.districts.larkspur };
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(item, { minLength: 1, maxLength: 8, selector: ({ student, date }) => student + date }),
      async (items) => {
        await clear();
        const marks = items.map(({ student, ...rest }) => ({ ...rest, enrollment: world.enrollments[student] }));
        await world.ledger.record(marks, world.actor);
        const before = await world.ledger.history(filter);
        await world.ledger.record(marks, world.actor);
        expect(await world.ledger.history(filter)).toEqual(before);
      },
    ),
    { numRuns: process.env.ENGINE === 'sqlite' ? 80 : 25 },
  );
});
