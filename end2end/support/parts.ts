// Parts of pages as a person finds them: by role and by label.
import { expect, type Locator, type Page } from '@playwright/test';

import { PASSWORD } from './site';

export const heading = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('heading', { level: 1, name, exact: true });

/** A page's own links and buttons, not those of the header and the navigation. */
export const main = (page: Page): Locator => page.getByRole('main');

export const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true });

/** A field; "optional" behind its label does not count. */
export const field = (page: Page, label: string): Locator =>
  page.getByLabel(new RegExp(`^${escaped(label)}( – optional)?$`));

/** A choice of a group. */
export const choice = (page: Page, group: string, value: string): Locator =>
  page
    .getByRole('group', { name: new RegExp(`^${escaped(group)}`) })
    .getByRole('radio', { name: new RegExp(`^${escaped(value)}\\b`) });

/** The message that a page shows once. */
export const flash = (page: Page, headline: string): Locator =>
  page.getByRole('status').filter({ hasText: headline });

/** The box above a form that says what is wrong. */
export const summary = (page: Page): Locator =>
  page.getByRole('alert').filter({ has: page.getByRole('heading', { level: 2 }) });

/** A refusal: the box, with the focus in it where scripts can put it there. */
export async function expectRefused(page: Page, scripts: boolean, text: string): Promise<void> {
  await expect(summary(page)).toContainText(text);
  if (scripts) {
    await expect(summary(page)).toBeFocused();
  }
}

/** What stands beside a field about its value. */
export async function expectProblem(control: Locator, text: string | RegExp): Promise<void> {
  await expect(control).toHaveAttribute('aria-invalid', 'true');
  await expect(control).toHaveAccessibleDescription(containing(text));
}

/** A value in a list of keys and values. */
export const value = (page: Page, key: string): Locator =>
  page
    .locator('dl > div')
    .filter({ has: page.getByText(key, { exact: true }) })
    .getByRole('definition');

/** A row of a table. */
export const row = (page: Page, name: string): Locator =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });

/** A tab of the page. */
export async function openTab(page: Page, name: string): Promise<void> {
  await main(page).getByRole('navigation').getByRole('link', { name, exact: true }).click();
}

/** Row `at` of the tags of a form, counted from 0. */
export async function fillTag(page: Page, at: number, key: string, value: string): Promise<void> {
  await page.getByLabel('Key', { exact: true }).nth(at).fill(key);
  await page.getByLabel('Value', { exact: true }).nth(at).fill(value);
}

/** "Add tag", and the empty row that it makes. */
export async function addTag(page: Page, key: string, value: string): Promise<void> {
  const rows = page.getByLabel('Key', { exact: true });
  const before = await rows.count();
  await button(page, 'Add tag').click();
  await expect(rows).toHaveCount(before + 1);
  await fillTag(page, before, key, value);
}

export async function signIn(page: Page, password = PASSWORD): Promise<void> {
  await page.getByLabel('Username').fill('admin');
  await page.getByLabel('Password').fill(password);
  await button(page, 'Sign in').click();
}

export async function signOut(page: Page): Promise<void> {
  await button(page, 'Sign out').click();
  await expect(heading(page, 'Sign in')).toBeVisible();
}

function containing(text: string | RegExp): RegExp {
  return typeof text === 'string' ? new RegExp(escaped(text)) : text;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
