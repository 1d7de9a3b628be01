// An operator from the invitation to the end of all their sessions.
import { expect, test } from '../../support/fixtures';
import { button, choice, field, flash, heading, main, row, value } from '../../support/parts';

test.use({ own: {} });

const PASSWORD = 'six anchors and a quiet harbour';

test('an Admin invites somebody, who chooses a password, and signs them out everywhere', async ({
  page,
  open,
  site,
  scripts,
  browser,
  guard,
}) => {
  await open('/operators');
  await main(page).getByRole('link', { name: 'Invite operator' }).click();
  await expect(heading(page, 'Invite operator')).toBeVisible();
  await field(page, 'Username').fill('hopper');
  await field(page, 'Role').selectOption('Operator');
  await choice(page, 'Scope', 'Everything').check();
  await button(page, 'Invite operator').click();
  await expect(flash(page, 'Operator invited')).toBeVisible();
  const link = await main(page).getByText(/\/invite\?token=/).innerText();
  await page.reload();
  await expect(main(page).getByText(/\/invite\?token=/)).toHaveCount(0);

  const context = await browser.newContext({
    baseURL: site.url,
    javaScriptEnabled: scripts,
    // Not what this test is given: the session of the Admin.
    storageState: { cookies: [], origins: [] },
  });
  const theirs = await context.newPage();
  await theirs.goto(link);
  await expect(heading(theirs, 'Choose a password')).toBeVisible();
  await field(theirs, 'New password').fill(PASSWORD);
  await button(theirs, 'Set password').click();
  await expect(flash(theirs, 'Welcome to Carillon')).toBeVisible();
  await theirs.goto('/account');
  await expect(value(theirs, 'Username')).toHaveText('hopper');
  // The link is used up.
  guard.expectsStatus(410);
  const again = await page.context().newPage();
  expect((await again.goto(link))?.status()).toBe(410);
  await again.close();

  await open('/operators');
  await row(page, 'hopper').getByRole('link', { name: 'hopper', exact: true }).click();
  await expect(value(page, 'State')).toContainText('Active');
  await button(page, 'Sign out everywhere').click();
  await expect(page.getByRole('dialog')).toContainText('Sign hopper out everywhere?');
  await button(page, 'End all sessions').click();
  await expect(flash(page, 'Signed out everywhere')).toBeVisible();
  await theirs.reload();
  await expect(heading(theirs, 'Sign in')).toBeVisible();

  // Disabled, the right password does not help.
  await button(page, 'Disable').click();
  await expect(page.getByRole('dialog')).toContainText('Disable hopper?');
  await button(page, 'Disable operator').click();
  await expect(flash(page, 'Operator disabled')).toBeVisible();
  await field(theirs, 'Username').fill('hopper');
  await field(theirs, 'Password').fill(PASSWORD);
  await button(theirs, 'Sign in').click();
  await expect(heading(theirs, 'Sign in')).toBeVisible();
  await expect(theirs.getByRole('alert').first()).toBeVisible();
  await context.close();
});
