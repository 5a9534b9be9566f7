import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { openSignIn } from '../../src/clients/sign-in';
import { follow, inBothSchemes, openStage, PHONE, type Stage, screenshot, sizes } from './browser';
import { violations } from './reading';

let stage: Stage;
let chief: number;
beforeAll(async () => {
  stage = await openStage();
  const { knex } = stage.api.world.database;
  const { id: _id, ...person } = await knex('people').where({ id: stage.api.world.people.noether }).first();
  const office = { sourced_id: 'noor', given_name: 'Noor', family_name: 'Rahimi', role: 'districtAdministrator' };
  [{ id: chief }] = await knex('people')
    .insert({ ...person, ...office, email: 'noor@example.org' })
    .returning('id');
});
afterAll(() => stage.close());

async function openAccess(on = {}): Promise<Page> {
  const page = await stage.signIn(chief, on);
  await follow(page, 'Access');
  await page.getByRole('heading', { name: 'Access', exact: true }).waitFor();
  return page;
}
const row = (page: Page, name: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });

test('the office invites a teacher, who signs in on their own device; the page says until when, and ends it', async () => {
  const page = await openAccess();
  await page.getByRole('button', { name: 'Invite Emmy Noether' }).click();
  await page.getByRole('heading', { name: 'A link to sign in' }).waitFor();
  const link = (await page.locator('.card code').textContent())!;
  const phone = await (await stage.device(PHONE)).newPage();
  await phone.goto(link);
  await phone.getByLabel('This device is mine alone').check();
  await phone.getByRole('button', { name: 'Accept the invitation' }).click();
  await phone.getByText('Emmy Noether, Larkspur').waitFor();
  await page.reload();
  await row(page, 'Emmy Noether').first().getByText('On one device, their own; until Nov 7').waitFor();
  await page.getByRole('button', { name: 'End sessions and invite Emmy Noether' }).click();
  await page.getByText('Emmy Noether is signed in nowhere any more.').waitFor();
  await phone.goto((await page.locator('.card code').textContent())!);
  await phone.getByRole('button', { name: 'Accept the invitation' }).click();
  await phone.getByText('Emmy Noether, Larkspur').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'End sessions of Emmy Noether' }).click();
  await page.getByText('Emmy Noether is signed in nowhere any more.').waitFor();
  await phone.reload();
  await phone.getByRole('heading', { name: 'Sign in to rollbook' }).waitFor();
  page.once('dialog', (dialog) => void dialog.accept());
  await page.getByRole('button', { name: 'Take away the access of Emmy Noether' }).click();
  await row(page, 'Emmy Noether').first().getByText('Access taken away on Oct 8, 2025').waitFor();
  await row(page, 'Emmy Noether').nth(1).getByText('Noor Rahimi').waitFor();
});

test('all teachers of a school are invited at once, with a sheet to print and a file for a mail merge', async () => {
  const page = await openAccess();
  await page.getByRole('combobox', { name: 'School' }).selectOption('Larkspur Middle School');
  await page.getByRole('button', { name: 'Make the links' }).click();
  await page.getByRole('heading', { name: '2 links to sign in' }).waitFor();
  const links = await page.locator('.card code').allTextContents();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV for a mail merge' }).click(),
  ]);
  const [head, ...lines] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(head!.replace('\ufeff', '')).toBe('name,email,link,expires_at');
  expect(lines.map((line) => line.split('","')[2])).toEqual(links);
  await page.emulateMedia({ media: 'print' });
  await screenshot(page, 'invitations-print');
  await page.emulateMedia({ media: 'screen' });
  for (const [index, link] of links.entries()) {
    const token = link.split('/').at(-1)!;
    const client = await openSignIn(stage.api.world.database, stage.api.clients).accept(token);
    expect([index, client]).toEqual([index, expect.any(Number)]);
  }
});

test.each(sizes)(
  '%s, light or dark: axe finds nothing on the page of access, and nothing is wider than the screen',
  async (size, on) => {
    const page = await openAccess(on);
    await page.getByRole('button', { name: 'Invite Gregor Mendel' }).click();
    await page.getByRole('heading', { name: 'A link to sign in' }).waitFor();
    await page.getByRole('combobox', { name: 'School' }).selectOption('Larkspur Middle School');
    await page.getByRole('button', { name: 'Make the links' }).waitFor();
    const found: string[] = [];
    await inBothSchemes(page, async (scheme) => {
      for (const violation of await violations(page)) found.push(`${scheme}: ${violation}`);
      if (await page.evaluate('document.documentElement.scrollWidth > window.innerWidth'))
        found.push(`${scheme}: wide`);
      await screenshot(page, `access-${size}-${scheme}`);
    });
    expect(found).toEqual([]);
  },
);
