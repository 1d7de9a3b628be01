// Writes in a production connection: how long they stay unlocked, and unlocking them. What happens
// when the time is over is tested over HTTP, where the clock can be moved (server/tests/http).
import { expect, test } from '../../support/fixtures';
import {
  button,
  expectProblem,
  expectRefused,
  field,
  flash,
  heading,
  main,
} from '../../support/parts';
import { PASSWORD } from '../../support/site';

test.describe('in production', () => {
  test.use({ own: { options: ['--environment', 'production'] } });

  test('the header tells how long writes are unlocked and leads to unlocking them', async ({
    page,
    open,
    site,
    scripts,
  }) => {
    const instance = await site.makeInstance('In production');
    await open(`${instance}/edit`);
    await page.getByRole('link', { name: /^Writes unlocked, 1[45] min left$/ }).click();
    await expect(heading(page, 'Unlock writes')).toBeVisible();

    await field(page, 'Password').fill('not the password');
    await button(page, 'Unlock writes').click();
    await expectRefused(page, scripts, 'One field needs a change');
    await expectProblem(field(page, 'Password'), 'This is not your password.');
    await expect(field(page, 'Password')).toHaveValue('');
    await field(page, 'Password').fill(PASSWORD);
    await button(page, 'Unlock writes').click();

    await expect(heading(page, 'Edit AppInstance In production')).toBeVisible();
    await expect(flash(page, 'Writes unlocked')).toContainText('For 15 minutes.');
    await field(page, 'Name').fill('Renamed');
    await button(page, 'Save changes').click();
    await expect(heading(page, 'Renamed')).toBeVisible();
  });
});

test('elsewhere nothing is locked, and deleting an AppInstance says that it may ask', async ({
  page,
  open,
  site,
}) => {
  const instance = await site.makeInstance('In a sandbox');
  await open(`${instance}/delete`);
  await expect(page.getByRole('banner').getByText('Writes unlocked')).toHaveCount(0);
  await expect(main(page).getByText('asks for your password or a one-time code')).toBeVisible();
});
