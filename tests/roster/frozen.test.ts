import fc from 'fast-check';
import type { Said } from './builder';
import { changes } from './bundles';
import { openRivers, type Rivers } from './school';
import { runs } from './sequences';

/**
 * Random imports, rolls and days against a plain model: who was on a roll that was taken before the day of an import stays
 * on it, and from that day on the file is right.
 */
const students = ['ada', 'grace', 'alan'];
const classes = ['k', 'l'];
const FIRST = 5; // September 5, the day on which the district begins
const LAST = 28;
const dayOf = (number: number): string => `2025-09-${String(number).padStart(2, '0')}`;
const term = { id: 'year', type: 'schoolYear', begin: '2025-09-01', end: '2025-10-01' };

/** What a row of enrollments.csv says; the days are blank where it inherits them. */
const row = fc.record({
  student: fc.constantFrom(...students),
  class: fc.constantFrom(...classes),
  begin: fc.option(fc.integer({ min: 1, max: LAST }), { freq: 2 }),
  length: fc.option(fc.integer({ min: 0, max: 20 }), { freq: 2 }),
});
type Row = typeof row extends fc.Arbitrary<infer One> ? One : never;
/** By their sourcedIds; those without a row are not listed. */
const rows = fc.array(fc.option(row, { freq: 4 }), { minLength: 5, maxLength: 5 });

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('import' as const), rows }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      class: fc.constantFrom(...classes),
      ago: fc.integer({ min: 0, max: 5 }),
    }),
  },
);

const daysOf = ({ begin, length }: Row) => {
  const from = begin === null ? term.begin : dayOf(begin);
  const to = length === null ? term.end : dayOf(Math.min((begin ?? 1) + length, 30));
  return { from, to: [from, to].sort()[1]! };
};

const saidOf = (listed: readonly (Row | null)[]): Said => ({
  sessions: [term],
  classes: classes.map((id) => ({ id })),
  people: students.map((id) => ({ id })),
  enrollments: [
    ...listed.flatMap((each, index) => {
      if (!each) return [];
      const { to } = daysOf(each);
      const begin = each.begin === null ? '' : dayOf(each.begin);
      return [{ id: `e${index}`, class: each.class, person: each.student, begin, end: each.length === null ? '' : to }];
    }),
    { id: 'teacher', class: 'k', person: 'ada', role: 'aide' }, // so that a file never lists nothing
  ],
});

/** All that imports write; what is to be counted anew only grows. */
async function everything({ api, district }: Rivers): Promise<object[][]> {
  const tables = [
    'people',
    'enrollments',
    'kept_days',
    'enrollment_aliases',
    'enrollment_rows',
    'marks',
    'journal',
    'recounts',
  ];
  return Promise.all(
    tables.map((table) =>
      api.world.database.knex(table).where({ district_id: district }).orderBy(1).orderBy(2).orderBy(3),
    ),
  );
}

/** Who is on the roll of a class that was taken, each once. */
async function onRoll(rivers: Rivers, section: string, date: string): Promise<string[]> {
  const id = await rivers.section(section);
  const filter = { district: rivers.district, section: id, from: date, to: date };
  const entries = await rivers.api.world.ledger.entries(filter);
  const people = await rivers.api.world.database.knex('people').where({ district_id: rivers.district });
  return entries.map(({ person_id }) => people.find((person) => person.id === person_id).sourced_id).sort();
}

/** Closes what a failure has left open. */
let onTestEnd: (() => Promise<void>) | undefined;
afterEach(() => onTestEnd?.());

test('whatever is imported, a roll that was taken before has whom it had, and the roster is right from then on', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.array(step, { minLength: 3, maxLength: 12 }), async (first, steps) => {
      const rivers = await openRivers();
      onTestEnd = rivers.close;
      let today = FIRST;
      let listed = first;
      const taken = new Map<string, string[]>();
      const take = async (section: string, date: string) => {
        const [id] = [await rivers.section(section)];
        const on = await rivers.api.world.ledger.open(async (transaction) => {
          const actor = { ...rivers.api.world.actor, district: rivers.district };
          return transaction.take({ section: id, date }, actor).catch(() => false); // nobody is enrolled
        });
        if (on) taken.set(`${section} ${date}`, await onRoll(rivers, section, date));
      };
      const expectRoster = async (section: string, date: string) =>
        expect([section, date, await onRoll(rivers, section, date)]).toEqual([
          section,
          date,
          rosterOn(listed, section, date),
        ]);

      await rivers.import(saidOf(listed), dayOf(today), { allowEnding: 99 });
      for (const one of steps) {
        if (one.do === 'wait') today = Math.min(today + one.days, LAST);
        else if (one.do === 'take') {
          const date = dayOf(Math.max(1, today - one.ago));
          if (taken.has(`${one.class} ${date}`)) continue;
          await take(one.class, date);
          if (one.ago === 0 && taken.has(`${one.class} ${date}`)) await expectRoster(one.class, date);
        } else {
          listed = one.rows;
          const report = await rivers.import(saidOf(listed), dayOf(today), { allowEnding: 99 });
          expect(report.refused).toEqual([]);
          const stands = await everything(rivers);
          const again = await rivers.import(saidOf(listed), dayOf(today), { allowEnding: 99 });
          expect([changes(again), again.kept, again.delayed, await everything(rivers)]).toEqual([0, [], [], stands]);
          for (const [key, had] of taken) {
            const [section, date] = key.split(' ') as [string, string];
            expect([key, await onRoll(rivers, section, date)]).toEqual([key, had]);
          }
        }
      }
      const { body } = await rivers.office.get('/reports/absence?by=day&from=2025-09-01&to=2025-09-30');
      const counted = new Map<string, Set<string>>();
      for (const [key, had] of taken) {
        const date = key.split(' ')[1]!;
        counted.set(date, new Set([...(counted.get(date) ?? []), ...had]));
      }
      const weekdays = [...counted].filter(([date]) => ![0, 6].includes(new Date(`${date}T12:00:00Z`).getUTCDay()));
      expect(
        body.rows.map(({ key, student_days }: { key: string; student_days: number }) => [key, student_days]),
      ).toEqual(weekdays.map(([date, had]) => [date, had.size]).sort());
      expect(await rivers.findings()).toEqual([]);
      onTestEnd = undefined;
      await rivers.close();
    }),
    runs,
  );
}, 240_000);

function rosterOn(listed: readonly (Row | null)[], section: string, date: string): string[] {
  const on = listed.flatMap((each) => {
    if (!each || each.class !== section) return [];
    const { from, to } = daysOf(each);
    return from <= date && date < to ? [each.student] : [];
  });
  return [...new Set(on)].sort();
}
