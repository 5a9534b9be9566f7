import fc from 'fast-check';
import { daysBetween } from '../../src/days';
import type { Status } from '../../src/ledger/attendance';
import { type Api, openApi } from '../api';
import { clockless } from '../clock';
import { type District, openDistrict, students } from './district';
import { Model } from './model';

/** Two school years, a weekend, a month with two days apart, today, and a day to come. */
const dates = ['2025-06-27', '2025-10-03', '2025-10-04', '2025-10-06', '2025-10-07', '2025-10-30', '2025-10-31'];
const NOW = '2025-10-30';
/** Those of the range that have come: on every one of them students may count as present whom nobody has marked. */
const days = daysBetween(dates[0]!, NOW);
const sections = ['k1', 'k2', 'k3', 'k4'];
const schools = ['s1', 's2', ''];
const range = `from=${dates[0]}&to=${dates.at(-1)}`;
const ids = sections.flatMap((section) => students.map((student) => `${section}-${student}`));

/** What is read of an answer. */
interface Roll {
  readonly section_code: string;
  readonly taken_at: string | null;
  readonly [field: string]: unknown;
}
interface Exception {
  readonly date: string;
  readonly section: string;
  readonly status: Status;
}
interface Change {
  readonly enrollment_id: number | null;
  readonly student: string;
  readonly from_status: Status | null;
  readonly to_status: Status;
  readonly roll: string | null;
}

/** `npm run test:reports` has more of them. */
const RUNS = Number(process.env.REPORT_RUNS ?? (process.env.ENGINE === 'sqlite' ? 4 : 2));

let base: Api;
beforeAll(async () => {
  jest.useFakeTimers({ now: new Date(`${NOW}T17:00:00Z`), doNotFake: [...clockless] });
  base = await openApi();
});
afterAll(() => base.close());

const date = fc.constantFrom(...dates);
const id = fc.constantFrom(...ids);
const status = fc.constantFrom<Status>(1, 2, 3, 4);
const stay = fc.constantFrom(
  ...['2025-06-01', '2025-06-01', '2025-10-04', '2025-10-07'].flatMap((begin) =>
    ['2025-10-07', '2025-10-31', '2026-06-12', '2026-06-12'].map((end) => ({ begin, end })),
  ),
);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('write' as const), by: fc.nat(4), id, date, status }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('roll' as const),
      section: fc.constantFrom(...sections),
      date,
      statuses: fc.array(status, { minLength: 4, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      takes: fc.boolean(),
      section: fc.constantFrom(...sections),
      date,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('setting' as const),
      school: fc.constantFrom('s1', 's2'),
      untaken: fc.constantFrom('unknown' as const, 'present' as const, 'present' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('enroll' as const), id, stay }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unlist' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('later' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      section: fc.constantFrom(...sections),
      school: fc.constantFrom(...schools),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('calendar' as const),
      school: fc.constantFrom('s1', 's2'),
      date,
      open: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('look' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

const roster = fc.record({
  schools: fc.array(fc.constantFrom(...schools), { minLength: sections.length, maxLength: sections.length }),
  stays: fc.array(fc.option(stay, { freq: 3 }), { minLength: ids.length, maxLength: ids.length }),
});

const enrolled = (id: string, { begin, end }: { begin: string; end: string }) => {
  const [section, student] = id.split('-');
  return { section: section!, student: student!, begin, end, listed: true };
};

async function take(district: District, model: Model, one: Step): Promise<unknown> {
  if (one.do === 'later') return district.later(NOW);
  if (one.do === 'look') return expectRates(district, model);
  if (one.do === 'take') return district[one.takes ? 'take' : 'untake'](one.section, one.date);
  if (one.do === 'setting') return district.setUntaken(one.school, one.untaken);
  if (one.do === 'calendar') return district.setDay(one.school, one.date, one.open);
  if (one.do === 'write') {
    if (model.enrollments.has(one.id)) await district.write(district.apis[one.by]!, one.id, one.date, one.status);
    return;
  }
  if (one.do === 'roll') {
    for (const [index, student] of students.entries()) {
      const id = `${one.section}-${student}`;
      if (model.enrollments.has(id)) await district.write('schoology', id, one.date, one.statuses[index]!);
    }
    return;
  }
  const known = model.enrollments.get(one.do === 'enroll' || one.do === 'unlist' ? one.id : '');
  if (one.do === 'enroll') model.enrollments.set(one.id, { ...known, ...enrolled(one.id, one.stay) });
  else if (one.do === 'move') model.schools.set(one.section, one.school);
  else if (known?.listed && listedCount(model) > 1) model.enrollments.set(one.id, { ...known, listed: false });
  return district.import();
}

const listedCount = ({ enrollments }: Model) => [...enrollments.values()].filter(({ listed }) => listed).length;

const WEEK = 7 * 86_400_000;
const keys: Readonly<Record<string, (school: string, date: string) => string>> = {
  day: (_school, date) => date,
  week: (_school, date) => {
    const since = Date.parse(date) - Date.parse('2025-06-23'); // a Monday
    return new Date(Date.parse('2025-06-23') + Math.floor(since / WEEK) * WEEK).toISOString().slice(0, 10);
  },
  month: (_school, date) => date.slice(0, 7),
  weekday: (_school, date) => String(new Date(`${date}T12:00:00Z`).getUTCDay()),
  school: (school) => school,
};

/** What counts all students: absence by each grouping, and the chronically absent. */
async function expectRates({ api, idOf }: District, model: Model): Promise<void> {
  const schoolIds = new Map<string, string>([['', '0']]);
  for (const school of ['s1', 's2']) schoolIds.set(school, String(await idOf('schools', school)));
  for (const [by, keyOf] of Object.entries(keys)) {
    const { body } = await api.get(`/reports/absence?by=${by}&${range}`);
    const rows = model.absence(students, days, (school, date) =>
      by === 'school' ? schoolIds.get(school)! : keyOf(school, date),
    );
    const found = body.rows.map(({ key, label, absence_rate, ...counts }: Record<string, unknown>) => [key, counts]);
    expect([by, Object.fromEntries(found)]).toEqual([by, Object.fromEntries(rows)]);
    for (const { student_days, absent_days, absence_rate } of body.rows)
      expect(absence_rate).toBe(student_days > 0 ? absent_days / student_days : null);
  }
  const people = new Map<string, number>();
  for (const student of students) people.set(student, await idOf('people', student));
  for (const [school, minDays, excused] of [
    [undefined, 1, true],
    ['s1', 2, true],
    ['s2', 1, false],
  ] as const) {
    const asked = `min_days=${minDays}&excused=${excused ? 'yes' : 'no'}`;
    const { body } = await api.get(
      `/reports/chronic?${range}&${asked}${school ? `&school=${schoolIds.get(school)}` : ''}`,
    );
    const { enrolled, chronic } = model.chronic(students, days, school, minDays, excused);
    const found = body.students.map(
      ({ person_id, enrolled_days, absent_days, partial_days }: Record<string, number>) => ({
        student: students.find((student) => people.get(student) === person_id),
        enrolled_days,
        absent_days,
        partial_days,
      }),
    );
    expect([body.enrolled, body.total, sorted(found)]).toEqual([enrolled, chronic.length, sorted(chronic)]);
  }
}

const sorted = (rows: readonly { student?: string | undefined }[]) =>
  [...rows].sort((one, other) => String(one.student).localeCompare(String(other.student)));

/** A day, school by school and roll by roll. */
async function expectDay({ api }: District, model: Model, date: string): Promise<void> {
  const inSession = sections.filter((section) => ids.some((id) => id.startsWith(section) && isOn(model, id, date)));
  const rolls = inSession.map((section) => {
    const on = ids.filter((id) => id.startsWith(section) && isOn(model, id, date));
    const count = (status: Status) => on.filter((id) => model.known(id, date) === status).length;
    return {
      section_code: section,
      students: on.length,
      taken: model.taken.has(`${section} ${date}`),
      absent: count(2),
      late: count(3),
      excused: count(4),
      marked: on.filter((id) => model.isMarkedAhead(id, date)).length,
      school_day: model.isSchoolDay(model.schoolOn(section, date), date),
    };
  });
  const { body } = await api.get(`/reports/rolls?date=${date}`);
  const found = body.rolls.map(
    ({ section_code, students, taken_at, absent, late, excused, marked, school_day }: Roll) => ({
      section_code,
      students,
      taken: taken_at !== null,
      absent,
      late,
      excused,
      marked,
      school_day,
    }),
  );
  expect(found.toSorted(byCode)).toEqual(rolls);
  const untaken = await api.get(`/reports/rolls?date=${date}&taken=no`);
  expect(untaken.body.rolls.map(({ section_code }: Roll) => section_code).sort()).toEqual(
    rolls.filter(({ taken }) => !taken).map(({ section_code }) => section_code),
  );

  const today = await api.get(`/reports/today?date=${date}`);
  const expected = schools.flatMap((school) => {
    const here = rolls.filter(({ section_code }) => model.schoolOn(section_code, date) === school);
    if (here.length === 0) return [];
    const sums = model.absence(students, [date], (at) => at).get(school);
    const taken = here.filter((roll) => roll.taken).length;
    const ahead = here.flatMap(({ section_code }) =>
      ids.filter((id) => id.startsWith(section_code) && isOn(model, id, date) && model.isMarkedAhead(id, date)),
    );
    return {
      school: school && `School ${school}`,
      rolls: here.length,
      taken,
      not_taken: here.length - taken,
      marked: new Set(ahead.map((id) => id.split('-')[1])).size,
      assumed: sums?.assumed ?? false,
      students: sums?.student_days ?? 0,
      absent: sums?.absent_days ?? 0,
      excused: sums?.excused_days ?? 0,
      late: sums?.late_days ?? 0,
      partial: sums?.partial_days ?? 0,
      school_day: model.isSchoolDay(school, date),
    };
  });
  expect(today.body.schools.map(({ school_id, reason, ...row }: object & Record<string, unknown>) => row)).toEqual(
    expected,
  );
}

const pairOf = (key: string): [id: string, date: string] => key.split(' ') as [string, string];
const byCode = (one: { section_code: string }, other: { section_code: string }) =>
  one.section_code < other.section_code ? -1 : 1;
const isOn = (model: Model, id: string, date: string) => model.enrollments.has(id) && model.isOn(id, date);

/** A student's history, and the streaks in it. */
async function expectStudent({ api, idOf }: District, model: Model, student: string): Promise<void> {
  const { body } = await api.get(`/reports/students/${await idOf('people', student)}?${range}`);
  const known = model.daysOf(student, days);
  const count = (...kinds: string[]) => known.filter(({ kind }) => kinds.includes(kind)).length;
  const exceptions = [...model.marks]
    .filter(([key]) => key.split(' ')[0]!.endsWith(`-${student}`) && key.split(' ')[1]! <= NOW)
    .map(([key, status]) => `${key.split(' ')[1]} ${key.split('-')[0]} ${status}`);
  expect({
    ...body,
    days: body.days
      .map(({ date, section, status }: Exception) => `${date} ${section.replace('Class ', '')} ${status}`)
      .sort(),
  }).toMatchObject({
    assumed: days.some((date) => model.lessonsOf(student, date).some(({ isAssumed }) => isAssumed)),
    rate: known.length > 0 ? 1 - count('absent', 'excused') / known.length : null,
    enrolled_days: known.length,
    absent_days: count('absent', 'excused'),
    late_days: count('late'),
    excused_days: count('excused'),
    partial_days: known.filter(({ partial }) => partial).length,
    streaks: model.streaks(known),
    days: exceptions.sort(),
  });
}

/** A section's months, and the changes of its days. */
async function expectSection({ api, idOf }: District, model: Model, section: string): Promise<void> {
  const sectionId = await idOf('sections', section);
  for (const month of ['2025-06', '2025-10']) {
    const { body } = await api.get(`/reports/sections/${sectionId}/month?month=${month}`);
    const taken = body.days.filter(({ taken_at }: Roll) => taken_at).map(({ date }: Exception) => date);
    expect(taken).toEqual(dates.filter((date) => date.startsWith(month) && model.taken.has(`${section} ${date}`)));
    const marks = body.students.flatMap(({ name, marks }: { name: string; marks: Exception[] }) =>
      marks.map(({ date, status }) => `${section}-${name.split(' ')[0]} ${date} ${status}`),
    );
    const standing = [...model.marks].filter(([key]) => key.startsWith(section) && key.includes(` ${month}`));
    expect(marks.sort()).toEqual(standing.map(([key, status]) => `${key} ${status}`).sort());
    const presences = body.students.flatMap(({ name, presences }: { name: string; presences: string[] }) =>
      presences.map((date) => `${section}-${name.split(' ')[0]} ${date}`),
    );
    const told = [...model.told].filter((key) => key.startsWith(section) && key.includes(` ${month}`));
    expect(presences.sort().filter((key: string) => isOn(model, ...pairOf(key)))).toEqual(
      told.sort().filter((key: string) => isOn(model, ...pairOf(key))),
    );
  }
  for (const date of dates) {
    const { body } = await api.get(`/reports/sections/${sectionId}/changes?date=${date}`);
    const newest = new Map<string, Change>();
    for (const change of body.changes.toReversed() as Change[]) {
      if (change.enrollment_id === null) continue;
      const student = change.student.split(' ')[0]!;
      const before = newest.get(student);
      if (before) expect(change.from_status).toBe(before.to_status);
      newest.set(student, change);
    }
    for (const [student, { to_status }] of newest)
      if (isOn(model, `${section}-${student}`, date))
        expect([date, student, to_status]).toEqual([date, student, model.known(`${section}-${student}`, date)]);
    const [roll] = body.changes.filter(({ enrollment_id }: Change) => enrollment_id === null);
    expect([date, roll?.roll === 'taken']).toEqual([date, model.taken.has(`${section} ${date}`)]);
  }
}

test(
  'every report is what its definition comes to, whatever was written, imported and set before',
  async () => {
    await fc.assert(
      fc.asyncProperty(roster, fc.array(step, { minLength: 4, maxLength: 14 }), async ({ schools, stays }, steps) => {
        const model = new Model(NOW);
        for (const [index, section] of sections.entries()) model.schools.set(section, schools[index]!);
        for (const [index, stay] of stays.entries())
          if (stay) model.enrollments.set(ids[index]!, enrolled(ids[index]!, stay));
        fc.pre(model.enrollments.size > 1);
        const district = await openDistrict(base, model);
        await district.import();
        for (const one of steps) await take(district, model, one);
        await expectRates(district, model);
        for (const date of dates) await expectDay(district, model, date);
        for (const student of students) await expectStudent(district, model, student);
        for (const section of sections) await expectSection(district, model, section);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  },
  60_000 + RUNS * 10_000,
);
