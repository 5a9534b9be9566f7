import { openStage, type Stage, screenshot, TODAY } from './browser';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const entries = async () => {
  const { algebra } = stage.api.world.sections;
  const { body } = await stage.api.get(`/v1/sections/${algebra}/attendance?start=${TODAY}&end=${TODAY}&taken=1`);
  return body.date;
};

test('a teacher takes the roll of a section with a tap for each exception', async () => {
  const page = await stage.signIn(stage.api.world.people.noether);
  await page.getByRole('link', { name: /Algebra/ }).click();
  await page.getByText('Not taken yet').waitFor();
  await screenshot(page, 'roll-untaken');
  await page.getByRole('group', { name: 'Ada Lovelace' }).getByRole('radio', { name: 'absent' }).check();
  await page.getByText(/^Saved/).waitFor();
  await screenshot(page, 'roll');
  expect(await entries()).toMatchObject([
    { date: TODAY, statuses: { status: [{ status_code: 2, attendances: { attendance: [{ comment: '' }] } }] } },
  ]);
});
