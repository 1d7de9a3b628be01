// The upload of a file, as a script shows it: how much is sent, and what is said when it is refused.
import { expectAccessible } from '../../support/axe';
import { expect, test } from '../../support/fixtures';
import { button, heading, main } from '../../support/parts';

const rows = Array.from({ length: 60_000 }, (_, n) => `user-${n},User number ${n}`);
const FILE = Buffer.from(['user_id,name', ...rows].join('\n'));

test('a file says how much of it is sent', async ({ page, open, site }) => {
  const instance = await site.makeInstance('Uploaded into');
  await open(`${instance}/import-users`);
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 120_000 };
  await network.send('Network.emulateNetworkConditions', slow);
  const file = main(page).locator('input[type=file]');
  await file.setInputFiles({ name: 'users.csv', mimeType: 'text/csv', buffer: FILE });
  await button(page, 'Upload').click();

  await expect(page.getByRole('progressbar', { name: 'The upload' })).toBeVisible();
  await expect(main(page).getByText(/^[1-9]\d? % is sent$/)).toBeVisible();
  await expect(button(page, 'Upload')).toBeDisabled();
  await expectAccessible(page);
  await network.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 });
  await expect(heading(page, /: Columns$/)).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('progressbar')).toBeHidden();
  await expect(button(page, 'Upload')).toBeEnabled();
});

test('a file that is no good, and a connection that breaks off, are told where the form is', async ({
  page,
  open,
  site,
  guard,
}) => {
  guard.expectsStatus(422);
  guard.expects(/ERR_FAILED/);
  const instance = await site.makeInstance('Refused uploads');
  await open(`${instance}/import-users`);
  const file = main(page).locator('input[type=file]');
  await file.setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('') });
  await button(page, 'Upload').click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The file was not taken');
  await expect(alert).toBeFocused();

  await page.route('**/import-users/file', (route) => route.abort());
  await file.setInputFiles({ name: 'b.csv', mimeType: 'text/csv', buffer: Buffer.from('user_id\na') });
  await button(page, 'Upload').click();
  await expect(alert).toContainText('The connection broke off');
  await expect(button(page, 'Upload')).toBeEnabled();
});
