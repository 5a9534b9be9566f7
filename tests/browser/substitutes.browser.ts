import { openStage, PHONE, type Stage, TODAY } from './browser';
import { violations } from './reading';

/** Noether is ill: Mendel takes Algebra for her. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('a teacher gives a class in two taps; the substitute takes its roll and sees whose it is, until it is taken back', async () => {
  const { people, sections } = stage.api.world;
  const noether = await stage.signIn(people.noether, PHONE);
  await noether.goto(`${stage.wire.url}/#/sections/${sections.algebra}/${TODAY}`);
  await noether.getByRole('link', { name: 'Substitute' }).click();
  await noether.getByRole('button', { name: 'Give it to Gregor Mendel' }).click();
  await noether.getByText('Gregor Mendel takes Algebra, Oct 8, 2025.').waitFor();
  const isTooWide = await noether.evaluate('document.documentElement.scrollWidth > window.innerWidth');
  expect([await violations(noether), isTooWide]).toEqual([[], false]);

  const mendel = await stage.signIn(people.mendel, PHONE);
  await mendel.getByRole('link', { name: /Algebra.*for Emmy Noether/ }).click();
  await mendel.getByRole('button', { name: 'All present' }).click();
  await mendel.getByText('Saved').waitFor();
  const { body } = await stage.api.get(`/rolls/${sections.algebra}/${TODAY}`);
  expect(body).toMatchObject({ taken_at: expect.any(String), taken_by: 'Gregor Mendel' });

  await noether.getByRole('button', { name: 'Take back from Gregor Mendel, Oct 8, 2025' }).click();
  await noether.getByText('Gregor Mendel does not take Algebra any more.').waitFor();
  await mendel.goto(`${stage.wire.url}/#/`);
  await mendel.getByRole('link', { name: /Biology/ }).waitFor();
  expect(await mendel.getByRole('link', { name: /Algebra/ }).count()).toBe(0);
});
