// Every page in both themes and in windows of every width.
import type { Page } from '@playwright/test';

import { addressOf, PAGES } from '../../support/access';
import { expectAccessible, expectGoodAtEveryWidth, expectNoFindings } from '../../support/axe';
import { expect, test } from '../../support/fixtures';
import { addressOf as addressOfState, furnish, STATES } from '../../support/furnished';
import { addTag, button, field, heading, main, summary } from '../../support/parts';

for (const each of PAGES.filter(({ answers }) => answers.Admin === 200)) {
  test(`${each.path}: axe finds nothing, and it fits every window`, async ({ page, open, site }) => {
    await open(await addressOf(site, each));
    await expectComplete(page);
    await expectGoodAtEveryWidth(page);
  });
}

for (const each of STATES) {
  test(`${each.name}: axe finds nothing, and it fits every window`, async ({
    page,
    open,
    site,
    guard,
  }) => {
    if (each.status) {
      guard.expectsStatus(each.status);
    }
    await open(await addressOfState(site, each));
    await expectComplete(page);
    await expectGoodAtEveryWidth(page);
  });
}

test.describe('for people who are not signed in', () => {
  test.use({ signedIn: false });

  for (const [name, path] of [
    ['signing in', '/sign-in'],
    ['signing in to go on', '/sign-in?next=%2Faudit'],
  ]) {
    test(`${name}: axe finds nothing, and it fits every window`, async ({ page, open }) => {
      await open(path);
      await expectAccessible(page);
      await button(page, 'Sign in').click();
      await expect(summary(page)).toBeVisible();
      await expectGoodAtEveryWidth(page);
    });
  }
});

test.describe('setting up', () => {
  test.use({ own: { withOperator: false }, signedIn: false });

  test('axe finds nothing, and it fits every window', async ({ page, site, guard }) => {
    guard.expectsStatus(410);
    for (const path of [await site.setupLink(), '/setup?token=none', '/sign-in']) {
      await page.goto(path);
      await expectGoodAtEveryWidth(page);
    }
    await expect(main(page)).toContainText('This console has no Admin yet');
  });
});

test('a refused form: axe finds nothing, and it fits every window', async ({ page, open, site }) => {
  await open(site.creating);
  await field(page, 'Name').fill('x'.repeat(300));
  await addTag(page, 'team', '');
  await button(page, 'Create AppInstance').click();
  await expect(summary(page)).toBeFocused();
  await expectGoodAtEveryWidth(page);
});

test('consequences: axe finds nothing, and it fits every window', async ({
  page,
  open,
  addresses: { instance },
}) => {
  await open(`${instance}/retention`);
  await field(page, 'Retention days').fill('30');
  await expect(page.getByText('Messages older than 30 days disappear')).toBeVisible();
  await expectGoodAtEveryWidth(page);
});

test('open menus: axe finds nothing', async ({ page, open, site }) => {
  await furnish(site);
  await open(site.path());
  await page.getByLabel('Actions for Northwind Care – production').click();
  await expect(page.getByRole('link', { name: 'View', exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('admin, account menu').click();
  await expectAccessible(page);
});

test('the navigation of a narrow window opens: axe finds nothing', async ({
  page,
  open,
  addresses: { instance },
}) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await open(instance);
  await expect(button(page, 'Sign out')).toBeHidden();
  await button(page, 'Menu').click();
  await expect(button(page, 'Sign out')).toBeVisible();
  await expectAccessible(page);
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await navigation.getByRole('link', { name: 'Users', exact: true }).click();
  await expect(heading(page, /^Users of /)).toBeVisible();
});

test('a theme that was chosen stays, whatever the system says', async ({ page, open }) => {
  await open('/');
  await page.getByLabel('Theme', { exact: true }).click();
  await button(page, 'Dark').click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const background = () =>
    page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await background()).toBe(dark);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await background()).toBe(dark);
  await expectNoFindings(page, 'dark by choice');
  await page.getByLabel('Theme', { exact: true }).click();
  await button(page, 'Light').click();
  expect(await background()).not.toBe(dark);
});

/** There is one heading, and every cell that is read late is there. */
async function expectComplete(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.locator('[data-late] .skeleton')).toHaveCount(0);
}
