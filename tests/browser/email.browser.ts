import { openMailer } from '../../src/mail/mailer';
import { openMailServer, type TestMailServer } from '../mail/smtp';
import { openStage, PHONE, type Stage, screenshot } from './browser';
import { violations } from './reading';

let server: TestMailServer;
let stage: Stage;
beforeAll(async () => {
  server = await openMailServer();
  const settings = { url: server.url, from: 'attendance@example.org' };
  stage = await openStage({ mailer: openMailer(settings, { onLost: () => undefined }) });
});
afterAll(async () => {
  await stage.close();
  await server.close();
});

test('a teacher asks for a mail and types its code; a wrong one is said so and can be typed over', async () => {
  const page = await (await stage.device(PHONE)).newPage();
  await page.goto(stage.wire.url);
  await page.getByLabel('Your email address at school').fill('emmy@example.org');
  await screenshot(page, 'sign-in-email');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await page.getByText('a mail is on its way there').waitFor();
  expect(await violations(page)).toEqual([]);
  await server.arrived(1);
  const [, code] = /code (\d{6}) /.exec(server.received[0]!.text)!;
  await page.getByLabel('Code').fill(code === '000000' ? '000001' : '000000');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('The code is not right').waitFor();
  await page.getByLabel('Code').fill(code!);
  await page.keyboard.press('Enter');
  await page.getByText('Emmy Noether, Larkspur').waitFor();
});
