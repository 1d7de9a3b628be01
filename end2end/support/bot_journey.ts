// The way of an operator through bots and admins. The same steps with and without scripts.
import { expect, type Page } from '@playwright/test';

import { addTag, button, choice, field, flash, heading, main, openTab, row, value } from './parts';
import { ACCOUNT, type Site } from './site';

const BOT = 'Concierge';

/** An alias of a Lex bot. */
export function lexArn(account = ACCOUNT, region = 'us-east-1'): string {
  return `arn:aws:lex:${region}:${account}:bot-alias/ABCDEFGHIJ/KLMNOPQRST`;
}

export async function walkBotsAndAdmins(page: Page, site: Site, scripts: boolean): Promise<void> {
  const instance = await site.makeInstance('Woodgrove');
  await site.makeUser(instance, 'nora', 'Nora');
  await page.goto(`${instance}/bots`);
  await createBot(page);
  await editBot(page);
  await addAdmins(page, instance, scripts);
  await demoteAll(page);
  await deleteBot(page, instance);
}

async function createBot(page: Page): Promise<void> {
  await expect(heading(page, /^Bots of /)).toBeVisible();
  await expect(main(page).getByText('No bots yet')).toBeVisible();
  await main(page).getByRole('link', { name: 'Create AppInstanceBot' }).first().click();
  await expect(heading(page, /^Create AppInstanceBot in /)).toBeVisible();
  await field(page, 'Name').fill(BOT);
  await field(page, 'Lex bot alias ARN').fill(lexArn());
  await field(page, 'Locale ID').fill('en_US');
  await field(page, 'Welcome intent').fill('Greet_Guest');
  await choice(page, 'Standard messages', 'MENTIONS').check();
  await choice(page, 'Targeted messages', 'ALL').check();
  await addTag(page, 'owner', 'front desk');
  await expect(choice(page, 'Standard messages', 'MENTIONS')).toBeChecked();
  await button(page, 'Create AppInstanceBot').click();
  await expect(heading(page, BOT)).toBeVisible();
  await expect(flash(page, 'AppInstanceBot created')).toBeVisible();
  await expect(value(page, 'Locale ID')).toHaveText('en_US');
  await expect(value(page, 'Standard messages')).toContainText('MENTIONS');
  await expect(value(page, 'Lex bot alias ARN')).toContainText(lexArn());
  await expect(main(page).getByText('owner: front desk')).toBeVisible();
}

async function editBot(page: Page): Promise<void> {
  await main(page).getByRole('link', { name: 'Edit', exact: true }).first().click();
  await expect(heading(page, `Edit bot ${BOT}`)).toBeVisible();
  await expect(field(page, 'Welcome intent')).toHaveValue('Greet_Guest');
  await choice(page, 'Standard messages', 'AUTO').check();
  await field(page, 'Welcome intent').fill('');
  await button(page, 'Save changes').click();
  await expect(flash(page, 'Changes saved')).toBeVisible();
  await expect(value(page, 'Standard messages')).toContainText('AUTO');
  await expect(value(page, 'Welcome intent')).toContainText('none');

  await openTab(page, 'Tags');
  await button(page, 'Remove tag 1').click();
  await expect(page.getByLabel('Key', { exact: true })).toHaveCount(0);
  await button(page, 'Save tags').click();
  await expect(flash(page, 'Tags saved')).toContainText('0 added, 0 changed, 1 removed.');
}

async function addAdmins(page: Page, instance: string, scripts: boolean): Promise<void> {
  await openTab(page, 'Details');
  const bot = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await page.goto(`${instance}/admins`);
  await expect(heading(page, /^Admins of /)).toBeVisible();
  await expect(main(page).getByText('No admins yet')).toBeVisible();
  for (const [kind, id] of [
    ['AppInstanceUser', 'nora'],
    ['AppInstanceBot', bot],
  ]) {
    await main(page).getByRole('link', { name: 'Add admin' }).first().click();
    await expect(heading(page, /^Add admin to /)).toBeVisible();
    await choice(page, 'Type', kind).check();
    await field(page, 'ID or ARN').fill(id);
    await button(page, 'Promote to admin').click();
    await expect(flash(page, 'Promoted to admin')).toBeVisible();
  }
  await expect(row(page, 'Nora')).toContainText('user');
  await expect(row(page, BOT)).toContainText('bot');
  if (scripts) {
    await expect(row(page, BOT).getByRole('time')).toBeVisible();
  }

  // Twice is a conflict, and says so.
  await main(page).getByRole('link', { name: 'Add admin' }).first().click();
  await field(page, 'ID or ARN').fill('nora');
  await button(page, 'Promote to admin').click();
  await expect(page.getByRole('alert')).toContainText('is an admin of the AppInstance already');
  await expect(field(page, 'ID or ARN')).toHaveValue('nora');
  await main(page).getByRole('link', { name: 'Admins', exact: true }).click();
}

/** The last one that goes is told to be the last. */
async function demoteAll(page: Page): Promise<void> {
  for (const [name, isLast] of [
    ['Nora', false],
    [BOT, true],
  ] as const) {
    await row(page, name).getByLabel(`Actions for ${name}`).click();
    await row(page, name).getByRole('link', { name: 'Demote' }).click();
    await expect(heading(page, new RegExp(`^Demote (user|bot) ${name}$`))).toBeVisible();
    const warning = main(page).getByText('This is the last admin of the AppInstance.');
    await expect(warning).toHaveCount(isLast ? 1 : 0);
    await button(page, 'Demote').click();
    await expect(flash(page, 'Demoted')).toBeVisible();
  }
  await expect(main(page).getByText('No admins yet')).toBeVisible();
}

async function deleteBot(page: Page, instance: string): Promise<void> {
  await page.goto(`${instance}/bots`);
  await main(page).getByRole('link', { name: BOT, exact: true }).click();
  await main(page).getByRole('link', { name: 'Delete', exact: true }).click();
  await expect(heading(page, `Delete bot ${BOT}`)).toBeVisible();
  await field(page, 'Type the name to confirm').fill(BOT);
  await button(page, 'Delete AppInstanceBot').click();
  await expect(flash(page, 'AppInstanceBot deleted')).toBeVisible();
  await expect(main(page).getByText('No bots yet')).toBeVisible();
}
