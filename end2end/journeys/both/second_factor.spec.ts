// An authenticator, from setting it up to taking it away: codes, recovery codes, two steps to sign in.
import type { Page } from '@playwright/test';

import { expect, test } from '../../support/fixtures';
import {
  button,
  expectProblem,
  expectRefused,
  field,
  flash,
  heading,
  main,
  signIn,
  signOut,
  value,
} from '../../support/parts';
import { Phone } from '../../support/phone';

test.use({ own: {} });

test('an authenticator is set up, asked for, replaced by a recovery code and removed', async ({
  page,
  open,
  scripts,
}) => {
  test.slow();
  await open('/account');
  await button(page, 'Set up authenticator').click();
  await expect(heading(page, 'Authenticator')).toBeVisible();
  await expect(page.getByRole('img', { name: 'QR code of the key' })).toBeVisible();
  const address = await page.getByRole('link', { name: 'Open the app' }).getAttribute('href');
  const phone = new Phone(address ?? '');

  await field(page, 'One-time code').fill('12345');
  await button(page, 'Set up authenticator').click();
  await expectRefused(page, scripts, 'One field needs a change');
  await expectProblem(field(page, 'One-time code'), 'This code is not right');
  await expect(page.getByRole('link', { name: 'Open the app' })).toHaveAttribute('href', address ?? '');
  await field(page, 'One-time code').fill(phone.code());
  await button(page, 'Set up authenticator').click();
  await expect(flash(page, 'Authenticator set up')).toBeVisible();
  const codes = await main(page).getByRole('listitem').locator('code').allTextContents();
  expect(new Set(codes).size).toBe(10);
  await page.reload();
  await expect(main(page).getByText('The recovery codes are not shown again')).toBeVisible();

  // The page that was asked for is opened in the end.
  await signOut(page);
  await page.goto('/account');
  await signIn(page);
  await expect(heading(page, 'One-time code')).toBeVisible();
  const code = phone.nextCode();
  await typeCode(page, code);
  await expect(heading(page, 'Your account')).toBeVisible();
  await expect(value(page, 'Recovery codes left')).toHaveText('10');

  await signOut(page);
  await signIn(page);
  await typeCode(page, code);
  await expectRefused(page, scripts, 'The one-time code is not right');
  await expect(field(page, 'One-time code')).toHaveValue('');
  await typeCode(page, codes[0].toUpperCase());
  await expect(heading(page, 'Overview')).toBeVisible();

  await signOut(page);
  await signIn(page);
  await typeCode(page, codes[0]);
  await expectRefused(page, scripts, 'The one-time code is not right');
  await typeCode(page, codes[1]);
  await open('/account');
  await expect(value(page, 'Recovery codes left')).toHaveText('8');

  await main(page).getByRole('link', { name: 'Manage' }).click();
  await button(page, 'New recovery codes').click();
  await button(page, 'Make new codes').click();
  const renewed = await main(page).getByRole('listitem').locator('code').allTextContents();
  expect(renewed).not.toContain(codes[2]);
  await button(page, 'Remove authenticator').click();
  await button(page, 'Remove it').click();
  await expect(flash(page, 'Authenticator removed')).toBeVisible();
  await signOut(page);
  await signIn(page);
  await expect(heading(page, 'Overview')).toBeVisible();
});

test('half a sign-in opens no page', async ({ page, open }) => {
  await open('/account');
  await button(page, 'Set up authenticator').click();
  const address = await page.getByRole('link', { name: 'Open the app' }).getAttribute('href');
  await field(page, 'One-time code').fill(new Phone(address ?? '').code());
  await button(page, 'Set up authenticator').click();
  await signOut(page);
  await signIn(page);
  await expect(heading(page, 'One-time code')).toBeVisible();

  await page.goto('/account');

  await expect(heading(page, 'Sign in')).toBeVisible();
});

async function typeCode(page: Page, code: string): Promise<void> {
  await field(page, 'One-time code').fill(code);
  await button(page, 'Sign in').click();
}
