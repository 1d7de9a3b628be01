// What happens while a form or a list is open: somebody else is faster, the session ends, a cursor
// is forgotten, the button is pressed twice.
import type { Page } from '@playwright/test';

import { expect, test } from '../../support/fixtures';
import {
  addTag,
  button,
  expectRefused,
  field,
  heading,
  main,
  row,
  signIn,
  summary,
} from '../../support/parts';
import { arnOf, targetOf } from '../../support/site';

test.use({ backend: 'aws' });

test('two presses of Create make one AppInstance', async ({ page, open, site }) => {
  const before = (await site.emulator?.calls('CreateAppInstance')) ?? 0;
  // Slow enough for the second press to come before the first answer.
  await site.emulator?.wait(300);
  await open(site.creating);
  await field(page, 'Name').fill('Pressed twice');
  await button(page, 'Create AppInstance').dblclick();

  await expect(heading(page, 'Pressed twice')).toBeVisible();
  await site.emulator?.recover();
  await open(`${site.path()}?q=Pressed+twice`);
  await expect(row(page, 'Pressed twice')).toHaveCount(1);
  // Without scripts the browser sends the form again, with the same token.
  expect(await site.emulator?.calls('CreateAppInstance')).toBeLessThanOrEqual(before + 2);
});

test('an edit that somebody else overtook shows what was there, ours and theirs', async ({
  page,
  open,
  site,
  scripts,
}) => {
  const instance = await site.makeInstance('Before', { metadata: 'as it was' });
  await open(`${instance}/edit`);
  const other = await page.context().newPage();
  await edit(other, instance, 'Theirs');
  await other.close();

  await field(page, 'Name').fill('Mine');
  await button(page, 'Save changes').click();
  await expectRefused(page, scripts, 'Somebody changed this while your form was open');
  const versions = page.getByRole('table', {
    name: 'What was there, what you typed and what is saved now',
  });
  const name = versions.getByRole('row', { name: /^Name/ });
  const marked = name.locator('ins');
  await expect(name.getByRole('cell')).toContainText(['Before', 'Mine', 'Theirs']);
  await expect(marked).toHaveText(['Mine', 'Theirs']);
  await expect(versions.getByRole('row', { name: /^Metadata/ }).locator('ins')).toHaveCount(0);
  await expect(main(page)).toContainText('Saving undoes what was changed meanwhile: Name.');
  await expect(field(page, 'Name')).toHaveValue('Mine');

  await button(page, 'Save changes').click();
  await expect(heading(page, 'Mine')).toBeVisible();
});

async function edit(page: Page, instance: string, name: string): Promise<void> {
  await page.goto(`${instance}/edit`);
  await field(page, 'Name').fill(name);
  await button(page, 'Save changes').click();
  await expect(heading(page, name)).toBeVisible();
}

test('a form of a user that was deleted meanwhile says that it is gone', async ({
  page,
  open,
  site,
  guard,
}) => {
  const instance = await site.makeInstance('Gone users');
  const user = await site.makeUser(instance, 'gone', 'Soon gone');
  await open(`${user}/edit`);
  await site.make('users/delete', { target: targetOf(user), confirm_user_id: 'gone' });
  await field(page, 'Name').fill('Too late');
  guard.expectsStatus(403);
  await button(page, 'Save changes').click();
  await expect(heading(page, 'Not found, or this connection may not do it')).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('AWS answers the same for both.');
});

test('a list of many pages goes on and back, and no NextToken is in an address', async ({
  page,
  open,
  site,
  guard,
}) => {
  const instance = await site.makeInstance('Pages');
  await site.emulator?.seedUsers(arnOf(instance), 23);
  await open(`${instance}/users?size=10`);
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await expect(pages).toContainText('Page 1, more');
  await pages.getByRole('link', { name: 'Next' }).click();
  await expect(pages).toContainText('Page 2, more');
  await pages.getByRole('link', { name: 'Next' }).click();
  await expect(pages).toContainText('Page 3, end');
  await expect(main(page).getByText('3 on this page')).toBeVisible();
  await expect(pages.getByRole('link', { name: 'Next' })).toHaveCount(0);
  const cursor = new URL(page.url()).searchParams.get('page') ?? '';
  expect(cursor.length).toBeLessThan(40);
  await pages.getByRole('link', { name: 'Previous' }).click();
  await expect(pages).toContainText('Page 2, more');
  await pages.getByRole('link', { name: 'Previous' }).click();
  await expect(pages).toContainText('Page 1, more');
  await expect(main(page).getByText('10 on this page')).toBeVisible();

  // A cursor that is not held, or of another list: the first page, and a word about it.
  guard.expectsStatus(422);
  for (const address of [`${instance}/users?page=forgotten`, `${instance}/admins?page=${cursor}`]) {
    await open(address);
    await expect(page.getByRole('alert').first()).toContainText(
      'This page of the list can no longer be shown',
    );
  }
});

test('a session that ended keeps the form until somebody signs in again', async ({
  page,
  open,
  site,
  context,
}) => {
  await open(site.creating);
  await addTag(page, 'team', 'night shift');
  await field(page, 'Name').fill('Typed before the end');
  await field(page, 'Metadata').fill('{"kept":true}');
  await context.clearCookies();
  await button(page, 'Create AppInstance').click();
  await expect(heading(page, 'Sign in')).toBeVisible();
  await expect(page.getByText('What was typed is kept.')).toBeVisible();

  await signIn(page, 'not the password');
  await expect(summary(page)).toContainText('Username or password is not right');
  await expect(page.getByLabel('Username')).toHaveValue('admin');
  await signIn(page);
  await expect(heading(page, 'Create AppInstance in us-east-1')).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue('Typed before the end');
  await expect(field(page, 'Metadata')).toHaveValue('{"kept":true}');
  await expect(page.getByLabel('Value', { exact: true })).toHaveValue('night shift');
  await button(page, 'Create AppInstance').click();
  await expect(heading(page, 'Typed before the end')).toBeVisible();
});
