import { algebra, done, eventually, saved, tap } from './algebra';
import { openStage, PHONE, type Stage, screenshot, sizes, TODAY } from './browser';
import { cellsOf } from './reading';

let stage: Stage;
let roll: ReturnType<typeof algebra>;
beforeEach(async () => {
  stage = await openStage();
  roll = algebra(stage);
  // Taken on the 6th with everybody there, on the 7th with exceptions; the 2nd was not taken, nor the 9th, of which something
  // was told of two; the 3rd is no school day.
  const { enrollments, database, districts } = stage.api.world;
  await stage.api.mark([enrollments.grace, '2025-10-06', 1]);
  await stage.api.mark([enrollments.ada, '2025-10-07', 2, 'flu'], [enrollments.grace, '2025-10-07', 3]);
  await stage.api.mark([enrollments.ada, '2025-10-01', 4], [enrollments.adaInBiology, '2025-10-01', 2]);
  const told = [
    { enrollment: enrollments.ada, date: '2025-10-09', status: 'present' },
    { enrollment: enrollments.grace, date: '2025-10-09', status: 'excused' },
  ];
  await stage.api.post('/marks').send({ marks: told }).expect(200);
  const { id } = await database.knex('schools').where({ district_id: districts.larkspur }).first();
  await stage.api.put(`/calendars/${id}`).send({ days: [{ date: '2025-10-03', school_day: false, reason: 'Fair' }] });
});
afterEach(() => stage.close());

const monthUrl = () => `${stage.wire.url}/#/sections/${stage.api.world.sections.algebra}/month/2025-10`;

test.each(sizes)(
  'a month shows each student on each day: taken and not, exceptions, who was not enrolled, no school: %s',
  async (size, device) => {
    const page = await stage.signIn(stage.api.world.people.noether, device);
    await page.goto(monthUrl());
    const row = async (name: string) => {
      const cells = await page.getByRole('row', { name }).getByRole('cell').allTextContents();
      return cells.slice(0, 8); // Wednesday the 1st to Friday the 10th
    };
    expect(await page.getByRole('columnheader').nth(1).textContent()).toBe('Wed1Wednesday, October 1: taken');
    const [present, untaken, closed] = ['·present', '–unknown', '×not a school day'];
    expect(await row('Ada Lovelace')).toEqual([
      'Eexcused',
      untaken,
      closed,
      present,
      'Aabsent',
      untaken,
      present,
      untaken,
    ]);
    expect(await row('Grace Hopper')).toEqual([
      present,
      untaken,
      closed,
      present,
      'Llate',
      untaken,
      'Eexcused',
      untaken,
    ]);
    const out = 'not enrolled';
    expect(await row('Alan Turing')).toEqual([out, out, out, present, present, untaken, untaken, untaken]);
    expect(await row('Katherine Johnson')).toEqual([present, untaken, closed, present, present, untaken, untaken, out]);
    await screenshot(page, `month-${size}`);
    await page.getByRole('link', { name: 'The month before' }).click();
    await page.getByText('September 2025').waitFor();
    await page.goBack();
    await page.getByRole('link', { name: /October 7: taken/ }).click();
    await page.getByRole('group', { name: 'Ada Lovelace' }).waitFor();
  },
);

test("a student's history has the figures of the API, over all sections that one may see", async () => {
  const { people } = stage.api.world;
  const { body } = await stage.api.get(`/reports/students/${people.ada}`);
  const office = body.streaks.absent;
  expect(body).toMatchObject({ enrolled_days: 3, absent_days: 2 });
  const teacher = await stage.api.as({ person: people.noether });
  const { body: own } = await teacher.get(`/reports/students/${people.ada}`);
  const page = await stage.signIn(people.noether, PHONE);
  await page.goto(`${stage.wire.url}/#/students/${people.ada}`);
  await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  const shown = await page.locator('.figures div').allTextContents();
  expect(shown).toEqual([
    `Attendance${(own.rate * 100).toFixed(1)}%`,
    `Days known${own.enrolled_days}`,
    `Days absent${own.absent_days}, ${own.excused_days} of them excused`,
    `Days partly absent${own.partial_days}`,
    `Days late${own.late_days}`,
    `Days present in a row${own.streaks.present.now} now, ${own.streaks.present.longest} at most`,
    `Days absent in a row${own.streaks.absent.now} now, ${own.streaks.absent.longest} at most`,
  ]);
  expect(office).toEqual(own.streaks.absent);
  // What was noted in Biology is not for Noether.
  expect(await page.locator('.folded summary').allTextContents()).toEqual([
    'Tuesday, October 7 absent in 1 class',
    'Wednesday, October 1 excused in 1 class',
  ]);
  await page.locator('.folded summary').first().click();
  expect(await page.locator('.folded li').first().textContent()).toBe('Algebra, period 1: absent, “flu”');
});

test('a day that was missed in part is not a day absent, and every page of the office says so', async () => {
  const { database, sections, people, enrollments } = stage.api.world;
  const copyOf = async (table: string, id: number, changes: object): Promise<number> => {
    const { id: _, ...row } = await database.knex(table).where({ id }).first();
    const [copy] = await database
      .knex(table)
      .insert({ ...row, ...changes })
      .returning('id');
    return copy.id;
  };
  const chemistry = await copyOf('sections', sections.algebra, { sourced_id: 'chemistry', title: 'Chemistry' });
  const inChemistry = { sourced_id: 'ada chemistry', section_id: chemistry };
  const office = await copyOf('people', people.noether, { sourced_id: 'office', role: 'administrator' });
  const third = await copyOf('enrollments', enrollments.ada, inChemistry);
  await stage.api.mark([enrollments.ada, TODAY, 2], [enrollments.adaInBiology, TODAY, 1], [third, TODAY, 1]);
  const page = await stage.signIn(office);
  const today = page.getByRole('region', { name: 'Rolls today', exact: true }).getByRole('table');
  await today.getByRole('rowheader').first().waitFor();
  expect((await cellsOf(today))[0]!.slice(3)).toEqual(['0', '1', '0']);
  const byWeekday = page.getByRole('region', { name: 'Absence by weekday', exact: true });
  await byWeekday.getByText('Numbers', { exact: true }).click();
  const wednesday = (await cellsOf(byWeekday.getByRole('table'))).find(([day]) => day === 'Wednesday');
  expect(wednesday?.[6]).toBe('1');
  await page.goto(`${stage.wire.url}/#/students/${people.ada}`);
  await page.getByText('Days partly absent').waitFor();
  expect(await page.locator('.figures div').nth(3).textContent()).toBe('Days partly absent1');
});

test('who changed what: what the teacher submitted stays beside what the office made of it', async () => {
  const page = await stage.signIn(stage.api.world.people.noether);
  await roll.open(page);
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  await done(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  await saved(page);
  await eventually(roll.isTaken, false);
  await stage.setClock('2025-10-08T16:05:00Z');
  await roll.office('ada', 4);
  await page.getByRole('link', { name: 'Changes' }).click();
  await page.getByRole('cell', { name: 'excused' }).waitFor();
  await screenshot(page, 'changes');
  const lines = (await page.getByRole('row').allTextContents()).map((line) => line.replaceAll('\u202f', ' '));
  expect(lines).toEqual([
    'WhenWhoStudentFromTo',
    expect.stringMatching(/^11:05 AM.*officeAda Lovelaceabsentexcused$/),
    '10:00 AMEmmy Noether teacherthe whole rolltakennot taken',
    '10:00 AMEmmy Noether teacherthe whole rollnot takentaken',
    '10:00 AMEmmy Noether teacherAda Lovelaceunknownabsent',
  ]);
});
