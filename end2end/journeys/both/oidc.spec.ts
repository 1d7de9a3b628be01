// Signing in with a provider that nobody here wrote, across two sites.
import type { Page } from '@playwright/test';

import { expect, live, test as base } from '../../support/fixtures';
import { IdentityProvider, LABEL } from '../../support/identity_provider';
import { button, flash, heading, main, row, signIn, signOut, summary, value } from '../../support/parts';
import { removeFolder, temporaryFolder } from '../../support/program';
import { Site } from '../../support/site';

/** A dashboard that knows the provider, for all tests of a worker. */
const test = base.extend<object, { known: Site }>({
  known: [
    async ({}, use) => {
      const folder = await temporaryFolder();
      const provider = await IdentityProvider.start();
      const options = await provider.options(folder);
      const site = await Site.start({ backend: 'embedded', options });
      await use(site);
      await site.stop();
      await provider.stop();
      await removeFolder(folder);
    },
    { scope: 'worker' },
  ],
  site: async ({ known }, use) => use(known),
});

test.use({ signedIn: false });

/** From the page to sign in to the provider, and back as somebody. */
async function signInAs(page: Page, person: string, path = '/'): Promise<void> {
  await page.context().clearCookies();
  await page.goto(path);
  await button(page, `Sign in with ${LABEL}`).click();
  await expect(heading(page, 'Who are you?')).toBeVisible();
  await button(page, person).click();
}

test('a group of the provider decides the role, at each sign-in anew', async ({ page }) => {
  await signInAs(page, 'ada');
  await expect(heading(page, 'Overview')).toBeVisible();
  await page.goto('/account');
  await expect(value(page, 'Username')).toHaveText('ada');
  await expect(value(page, 'Role')).toHaveText('Admin');
  await expect(main(page)).toContainText(`You sign in with ${LABEL}`);
  await expect(page.getByLabel('Current password')).toHaveCount(0);
  await page.goto('/operators');
  await expect(row(page, 'ada (you)')).toContainText(`Signs in with ${LABEL}`);
  await signOut(page);

  // The page that was asked for is where it leads.
  await signInAs(page, 'vera', '/account');
  await expect(heading(page, 'Your account')).toBeVisible();
  await expect(value(page, 'Username')).toHaveText('vera');
  await expect(value(page, 'Role')).toHaveText('Viewer');
  await signOut(page);

  // Who has a password goes on using it.
  await signIn(page);
  await expect(heading(page, 'Overview')).toBeVisible();
});

test('nobody gets in without a group, nor by cancelling', async ({ page, guard }) => {
  guard.expectsStatus(401, 403);
  await signInAs(page, 'noel');
  await expect(heading(page, 'Sign in')).toBeVisible();
  await expect(summary(page)).toContainText('Your groups have no role in this console');

  await signInAs(page, 'cancel', '/account');
  await expect(summary(page)).toContainText('You did not sign in with the provider');
  await expect(main(page)).not.toContainText('words of the provider');
  await page.goto('/account');
  await expect(heading(page, 'Sign in')).toBeVisible();
});

test('what brought somebody in brings nobody in twice', async ({ page, guard }) => {
  guard.expectsStatus(410);
  const callback = page.waitForRequest(/\/sign-in\/oidc\/acme\/callback\?/);
  await signInAs(page, 'vera');
  await expect(heading(page, 'Overview')).toBeVisible();
  const used = (await callback).url();
  await signOut(page);

  await page.goto(used);

  await expect(heading(page, 'Sign in')).toBeVisible();
  await expect(summary(page)).toContainText('This sign-in was used already, or took too long');
});

test('two tabs sign in at once, and Back leads to no error', async ({ page, context }) => {
  const other = await context.newPage();
  await page.goto('/account');
  await other.goto('/operators/invite');
  await button(page, `Sign in with ${LABEL}`).click();
  await button(other, `Sign in with ${LABEL}`).click();
  await button(other, 'ada').click();
  await expect(heading(other, 'Invite operator')).toBeVisible();
  const callback = page.waitForRequest(/\/sign-in\/oidc\/acme\/callback\?/);
  await button(page, 'ada').click();
  await expect(heading(page, 'Your account')).toBeVisible();

  await page.goto((await callback).url());
  await expect(heading(page, 'Your account')).toBeVisible();
  await page.goto('/sign-in');
  await expect(main(page)).toContainText('You are signed in as ada');
  await other.close();
});

test('what was typed survives a session that ended, and the way to the provider', async ({
  page,
  context,
  open,
  scripts,
}) => {
  await signInAs(page, 'ada', '/embedded/us-east-1/create-app-instance');
  await expect(heading(page, 'Create AppInstance in us-east-1')).toBeVisible();
  if (scripts) {
    await live(page);
  }
  await page.getByLabel('Name', { exact: true }).fill('Typed before');
  await context.clearCookies({ name: '__Host-carillon' });
  await button(page, 'Create AppInstance').click();
  await expect(heading(page, 'Sign in')).toBeVisible();

  await button(page, `Sign in with ${LABEL}`).click();
  await button(page, 'ada').click();

  await expect(heading(page, 'Create AppInstance in us-east-1')).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Typed before');
});
