import { done, state, tap } from './algebra';
import { openStage, type Stage } from './browser';

let stage: Stage;
afterEach(() => stage.close());

/** The instant of a clock on a wall: which day the district has, wherever the browser is. */
const walls: [zone: string, wall: string, instant: string, day: string, browser: string][] = [
  ['Pacific/Auckland', '23:30', '2025-10-08T10:30:00Z', '2025-10-08', 'America/Los_Angeles'],
  ['Pacific/Auckland', '00:30', '2025-10-08T11:30:00Z', '2025-10-09', 'America/Los_Angeles'],
  ['Asia/Kolkata', '23:30', '2025-10-08T18:00:00Z', '2025-10-08', 'Pacific/Auckland'],
  ['Asia/Kolkata', '00:30', '2025-10-08T19:00:00Z', '2025-10-09', 'America/Los_Angeles'],
  ['America/Los_Angeles', '23:30', '2025-10-09T06:30:00Z', '2025-10-08', 'Pacific/Auckland'],
  ['America/Los_Angeles', '00:30', '2025-10-09T07:30:00Z', '2025-10-09', 'Asia/Kolkata'],
  // The night in which the clocks go back (November 2) and forward (September 28), and those in which they do elsewhere.
  ['America/Los_Angeles', '23:30 before the clocks go back', '2025-11-02T06:30:00Z', '2025-11-01', 'Pacific/Auckland'],
  ['America/Los_Angeles', '00:30 before the clocks go back', '2025-11-02T07:30:00Z', '2025-11-02', 'Asia/Kolkata'],
  ['America/Los_Angeles', '23:30 after the clocks went back', '2025-11-03T07:30:00Z', '2025-11-02', 'Asia/Kolkata'],
  [
    'Pacific/Auckland',
    '23:30 before the clocks go forward',
    '2025-09-27T11:30:00Z',
    '2025-09-27',
    'America/Los_Angeles',
  ],
  [
    'Pacific/Auckland',
    '00:30 before the clocks go forward',
    '2025-09-27T12:30:00Z',
    '2025-09-28',
    'America/Los_Angeles',
  ],
  ['Pacific/Auckland', '23:30 after the clocks went forward', '2025-09-28T10:30:00Z', '2025-09-28', 'Asia/Kolkata'],
];

async function open(time_zone: string, now: string) {
  stage = await openStage({ now });
  const { database, districts } = stage.api.world;
  await database.knex('districts').where({ id: districts.larkspur }).update({ time_zone });
}

const dayShown = (day: string) => `time[datetime="${day}"]`;

test.each(walls)(
  'in %s it is %s: the roll is of that day (%s: %s), with the browser in %s',
  async (zone, _wall, now, day, timezoneId) => {
    await open(zone, now);
    const page = await stage.signIn(stage.api.world.people.noether, { timezoneId });
    await page.locator(dayShown(day)).waitFor();
    await page.getByRole('link', { name: /Algebra/ }).click();
    await page.locator(dayShown(day)).waitFor();
    await tap(page, 'Ada Lovelace', 'absent');
    await done(page);
    const { body } = await stage.api.get(`/v1/sections/${stage.api.world.sections.algebra}/attendance?taken=1`);
    expect(body.date.map(({ date }: { date: string }) => date)).toEqual([day]);
  },
);

test('a page that is open over midnight is of the new day when it is looked at again; a roll stays of its own', async () => {
  await open('America/Los_Angeles', '2025-10-08T06:30:00Z'); // 23:30 on the 7th
  const page = await stage.signIn(stage.api.world.people.noether, { timezoneId: 'Pacific/Auckland' });
  const roll = await page.context().newPage();
  await page.locator(dayShown('2025-10-07')).waitFor();
  await roll.goto(stage.wire.url);
  await roll.getByRole('link', { name: /Algebra/ }).click();
  await state(roll).getByText('Not taken yet').waitFor();
  await stage.setClock('2025-10-08T07:30:00Z'); // 00:30 on the 8th
  for (const shown of [page, roll]) await shown.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
  await page.locator(dayShown('2025-10-08')).waitFor();
  expect(await page.getByRole('link', { name: /Algebra/ }).getAttribute('href')).toContain('2025-10-08');
  await tap(roll, 'Ada Lovelace', 'absent');
  await done(roll);
  const { body } = await stage.api.get(`/v1/sections/${stage.api.world.sections.algebra}/attendance?taken=1`);
  expect(body.date.map(({ date }: { date: string }) => date)).toEqual(['2025-10-07']);
});
