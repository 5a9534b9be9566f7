import { faultsOf } from './axe';
import { openStage, PHONE, type Stage, screenshot } from './browser';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ named: true });
});
afterAll(() => stage.close());

test('a teacher makes a passkey on their phone, signs in by it without a link, and removes it', async () => {
  const device = await stage.device(PHONE);
  const page = await stage.signIn(stage.api.world.people.noether, device);
  const devtools = await device.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
  await page.getByRole('link', { name: 'Emmy Noether' }).click();
  await page.getByText('You have no passkeys.').waitFor();
  await page.getByLabel('Name of this device').fill('My phone');
  await page.getByRole('button', { name: 'Make a passkey' }).click();
  await page.getByText('The passkey My phone signs you in from now on.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await screenshot(page, 'passkeys');

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText(/My phone made on .*, last used on/).waitFor();
  const remove = page.getByRole('button', { name: 'Remove the passkey My phone' });
  page.once('dialog', (dialog) => dialog.dismiss());
  await remove.click();
  await page.reload();
  await remove.waitFor(); // it is still there
  const asked: string[] = [];
  page.once('dialog', (dialog) => {
    asked.push(dialog.message());
    return dialog.accept();
  });
  await remove.click();
  await page.getByText('The passkey My phone is removed.').waitFor();
  expect(asked).toEqual(['The passkey My phone signs nobody in any more. Nothing undoes that. Remove it?']);
  await page.getByText('You have no passkeys.').waitFor();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText('This passkey signs nobody in here. Sign in another way, and make a new one.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
});
