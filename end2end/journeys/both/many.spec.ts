// Many users at once: ticked over two pages, planned, run, paused, killed, gone on with, retried, downloaded.
import { expectAccessible, expectStructure } from '../../support/axe';
import { expect, test } from '../../support/fixtures';
import { button, flash, heading, main } from '../../support/parts';
import { arnOf } from '../../support/site';

// Two deletes a second, of which jobs have four fifths: eight take five seconds.
test.use({ backend: 'aws', own: { options: ['--rate', 'user-writes=2'] } });

test('an operator deletes ticked users, and the job outlives a pause, a kill and a refusal', async ({
  page,
  open,
  site,
  scripts,
}) => {
  test.slow();
  const looked = () => (scripts ? expectAccessible(page) : expectStructure(page));
  // What the page says later, it says after it is loaded again, with and without scripts.
  const says = (text: string | RegExp) =>
    expect(async () => {
      await page.reload();
      await expect(main(page)).toContainText(text, { timeout: 1000 });
    }).toPass({ timeout: 40_000 });
  const instance = await site.makeInstance('Of many');
  await site.emulator?.seedUsers(arnOf(instance), 30);

  await open(`${instance}/users?size=25`);
  const tick = (number: number) =>
    page.getByRole('checkbox', { name: new RegExp(`0*${number}\\b`) }).first().check();
  for (const number of [2, 3, 5, 7, 11]) {
    await tick(number);
  }
  await button(page, 'Add to selection').click();
  await main(page).getByRole('link', { name: 'Next' }).click();
  for (const number of [26, 27, 28]) {
    await tick(number);
  }
  await looked();
  await button(page, 'Delete').click();
  await expect(heading(page, /^Delete: 8 users/)).toBeVisible();
  await looked();
  await button(page, 'Make the plan').click();
  await says('8 calls');
  await looked();

  // What cannot be undone is confirmed by its number.
  await page.getByRole('textbox', { name: /^Type the number/ }).fill('8');
  await main(page).getByRole('button', { name: /^Run 8 rows/ }).click();
  await expect(flash(page, 'The job runs')).toBeVisible();
  await button(page, 'Pause').click();
  await expect(main(page)).toContainText('The job is paused');
  await looked();
  const job = page.url();

  await site.killAndRestart();
  await page.goto(job);
  await expect(main(page)).toContainText('The job is paused');
  const refusal = { operation: 'DeleteAppInstanceUser', kind: 'error', code: 'ForbiddenException' } as const;
  await site.emulator?.fail({ ...refusal, times: 1 });
  await button(page, 'Resume').click();
  await expect(flash(page, 'The job runs again')).toBeVisible();
  await site.killAndRestart();
  await page.goto(job);
  await says('7 done, 0 skipped, 1 failed.');
  await expect(main(page)).toContainText('Why rows failed');
  await looked();

  await button(page, 'Retry what failed').click();
  await says(/Run 1 row/);
  await page.getByRole('textbox', { name: /^Type the number/ }).fill('1');
  await main(page).getByRole('button', { name: /^Run 1 row/ }).click();
  await says('8 done, 0 skipped, 0 failed.');

  const link = main(page).getByRole('link', { name: /CSV/ }).first();
  const file = await page.request.get((await link.getAttribute('href')) ?? '');
  const lines = (await file.text()).trim().split('\n');
  expect(lines).toHaveLength(9);
  expect(lines.slice(1).every((line) => line.includes(',done,'))).toBe(true);
  // Each was deleted once; the one that was refused was asked for twice.
  expect(await site.emulator?.calls('DeleteAppInstanceUser')).toBe(9);
});
