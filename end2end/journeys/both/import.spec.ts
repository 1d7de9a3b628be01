// Users from a file: the five steps, the job, what became of each row, and a user brought back.
import { expectAccessible, expectGoodAtEveryWidth, expectStructure } from '../../support/axe';
import { expect, test } from '../../support/fixtures';
import { button, field, flash, heading, main } from '../../support/parts';

const FILE = `user_id;name;tag:team
ada;Ada Lovelace;engines
grace;Grace Hopper;compilers
-bad;Nobody;none
ada;Ada again;engines
=cmd;A formula;none
`;

test('an operator imports users from a file, mends what failed, and brings one back', async ({
  page,
  open,
  site,
  scripts,
  guard,
}) => {
  test.slow();
  // The script hears of the refusal as a status.
  guard.expectsStatus(422);
  const looked = async () => {
    if (scripts) {
      await expectAccessible(page);
    } else {
      await expectStructure(page);
    }
  };
  const instance = await site.makeInstance('Imported into');

  await open(`${instance}/users`);
  await main(page).getByRole('link', { name: 'Import users', exact: true }).click();
  await expect(heading(page, /^Import users into/)).toBeVisible();
  await looked();

  // A picture is no file of users.
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);
  const file = main(page).locator('input[type=file]');
  await file.setInputFiles({ name: 'users.csv', mimeType: 'text/csv', buffer: png });
  await button(page, 'Upload').click();
  await expect(page.getByRole('alert')).toContainText('The file was not taken');

  await file.setInputFiles({ name: 'users.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) });
  await button(page, 'Upload').click();
  await expect(heading(page, /: Columns$/)).toBeVisible();
  await expect(main(page)).toContainText('Ada Lovelace');
  await looked();

  await button(page, 'Check the rows').click();
  await expect(heading(page, /: Check$/)).toBeVisible();
  await expect(main(page)).toContainText('2 rows can be planned, 3 cannot');
  await expect(main(page)).toContainText('Line 4');
  await looked();

  await button(page, 'Make the plan').click();
  const planned = main(page).getByRole('button', { name: /^Run 2 rows/ });
  await expect(async () => {
    if (!(await planned.isVisible())) {
      await page.reload();
    }
    await expect(planned).toBeVisible({ timeout: 1000 });
  }).toPass();
  await looked();
  if (scripts) {
    await expectGoodAtEveryWidth(page);
  }

  await planned.click();
  await expect(flash(page, 'The job runs')).toBeVisible();
  await expect(async () => {
    await page.reload();
    await expect(main(page)).toContainText(/Done/, { timeout: 1000 });
    await expect(main(page)).toContainText('Took', { timeout: 1000 });
  }).toPass();
  await looked();
  const job = page.url();

  await open('/jobs');
  await expect(main(page).getByRole('link', { name: /Import users/ }).first()).toBeVisible();
  await looked();

  await open(`${instance}/users`);
  await expect(main(page)).toContainText('Grace Hopper');

  // Deleted by mistake.
  await main(page).getByRole('link', { name: 'ada', exact: true }).first().click();
  await page.goto(`${page.url()}/delete`);
  await field(page, 'Type the user ID to confirm').fill('ada');
  await button(page, 'Delete AppInstanceUser').click();
  await expect(flash(page, 'AppInstanceUser deleted')).toBeVisible();
  await open('/audit?operation=DeleteAppInstanceUser');
  await page.getByRole('table').getByRole('link', { name: 'Delete AppInstanceUser' }).first().click();
  await button(page, 'Bring back').click();
  await expect(page.getByRole('dialog')).toContainText('Memberships, messages and push endpoints do not come back');
  await button(page, 'Make the plan').click();
  const back = main(page).getByRole('button', { name: /^Run 1 row/ });
  await expect(async () => {
    if (!(await back.isVisible())) {
      await page.reload();
    }
    await expect(back).toBeVisible({ timeout: 1000 });
  }).toPass();
  await back.click();
  await expect(async () => {
    await open(`${instance}/users/ada`);
    await expect(heading(page, 'Ada Lovelace')).toBeVisible({ timeout: 1000 });
  }).toPass();
  expect(job).toContain('/jobs/');
});
