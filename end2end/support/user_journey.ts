// The way of an operator through the life of an AppInstanceUser: its device, its role, its
// expiration, its tags. The same steps with and without scripts, on every backend.
import { expect, type Page } from '@playwright/test';

import { ACCOUNT, type Site } from './site';
import {
  addTag,
  button,
  choice,
  expectProblem,
  field,
  flash,
  heading,
  main,
  openTab,
  row,
  value,
} from './parts';

const INSTANCE = 'Lakeside Tutoring';
/** Every character that an ID may have, and that an address must not take for its own. */
const ID = 'us-east-1:mara.o-1_x@example.com';
const NAME = 'Mara O’Neill';
const TOKEN = 'aa11bb22cc33dd44ee55ff66';

export async function walkUser(page: Page, site: Site, scripts: boolean): Promise<void> {
  await createInstance(page, site);
  await createUsers(page);
  await registerEndpoint(page);
  await promote(page, scripts);
  await expire(page);
  await tag(page);
  await demote(page);
  await readActivity(page);
  await remove(page);
}

/** Opens the user from any page of its AppInstance. */
async function openUser(page: Page): Promise<void> {
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await navigation.getByRole('link', { name: 'Users', exact: true }).click();
  await row(page, ID).getByRole('link', { name: ID }).click();
  await expect(heading(page, NAME)).toBeVisible();
}

async function createInstance(page: Page, site: Site): Promise<void> {
  await page.goto(site.creating);
  await field(page, 'Name').fill(INSTANCE);
  await button(page, 'Create AppInstance').click();
  await expect(heading(page, INSTANCE)).toBeVisible();
}

async function createUsers(page: Page): Promise<void> {
  await openTab(page, 'Users');
  await expect(heading(page, /^Users of /)).toBeVisible();
  await expect(main(page).getByText('No users yet')).toBeVisible();
  await main(page).getByRole('link', { name: 'Create AppInstanceUser' }).first().click();
  await expect(heading(page, /^Create AppInstanceUser in /)).toBeVisible();

  await field(page, 'User ID').fill('tutor-1');
  await field(page, 'Name').fill('The first tutor');
  await field(page, 'Metadata').fill('{"role":"tutor"}');
  await field(page, 'Create another').check();
  await button(page, 'Create AppInstanceUser').click();
  await expect(flash(page, 'AppInstanceUser created')).toContainText('tutor-1');
  await expect(field(page, 'User ID')).toHaveValue('');
  await expect(field(page, 'Metadata')).toHaveValue('{"role":"tutor"}');

  await field(page, 'Create another').uncheck();
  await field(page, 'User ID').fill(ID);
  await field(page, 'Name').fill(NAME);
  await button(page, 'Create AppInstanceUser').click();
  await expect(heading(page, NAME)).toBeVisible();
  await expect(flash(page, 'AppInstanceUser created')).toBeVisible();
  await expect(value(page, 'User ID')).toContainText(ID);
  await expect(value(page, 'Expiration')).toHaveText('Never');
  await expect(page).toHaveURL(/users\/us-east-1%3Amara\.o-1_x%40example\.com$/);
}

async function registerEndpoint(page: Page): Promise<void> {
  await openTab(page, 'Endpoints');
  await expect(heading(page, /^Endpoints of user /)).toBeVisible();
  await main(page).getByRole('link', { name: 'Register endpoint' }).first().click();
  await expect(heading(page, /^Register endpoint of user /)).toBeVisible();
  await choice(page, 'Type', 'APNS').check();
  await field(page, 'Resource ARN').fill(pinpointArn(ACCOUNT));
  await field(page, 'Device token').fill(TOKEN);
  await field(page, 'VoIP device token').fill('voip-0123456789');
  await field(page, 'Name').fill('Tablet');
  await choice(page, 'Allow messages', 'ALL').check();
  await button(page, 'Register endpoint').click();
  await expect(heading(page, 'Tablet')).toBeVisible();
  await expect(flash(page, 'Endpoint registered')).toBeVisible();
  await expect(value(page, 'State')).toContainText('Active');

  // Anyone who has a token can send pushes: it is shown once, on purpose.
  await expect(main(page).getByText(TOKEN)).toHaveCount(0);
  await button(page, 'Reveal').click();
  await expect(main(page).getByText(TOKEN)).toBeVisible();
  await page.reload();
  await expect(main(page).getByText(TOKEN)).toHaveCount(0);
  await expect(main(page).getByText('The tokens are hidden again')).toBeVisible();

  await button(page, 'Allow NONE').click();
  await expect(flash(page, 'Messages muted')).toBeVisible();
  await main(page).getByRole('link', { name: 'Edit', exact: true }).click();
  await expect(heading(page, 'Edit endpoint Tablet')).toBeVisible();
  await expect(choice(page, 'Allow messages', 'NONE')).toBeChecked();
  await field(page, 'Name').fill('Kitchen tablet');
  await button(page, 'Save changes').click();
  await expect(heading(page, 'Kitchen tablet')).toBeVisible();

  await main(page).getByRole('link', { name: 'Endpoints', exact: true }).click();
  const table = page.getByRole('table', { name: /^Endpoints/ });
  await expect(table.getByRole('row', { name: /Kitchen tablet/ })).toContainText('APNS');
  await table.getByRole('link', { name: 'Kitchen tablet' }).click();
  await main(page).getByRole('link', { name: 'Deregister', exact: true }).click();
  await expect(heading(page, /^Deregister endpoint Kitchen tablet of /)).toBeVisible();
  await button(page, 'Deregister endpoint').click();
  await expect(flash(page, 'Endpoint deregistered')).toBeVisible();
  await expect(main(page).getByText('No endpoints yet')).toBeVisible();
}

async function promote(page: Page, scripts: boolean): Promise<void> {
  await openUser(page);
  await expect(value(page, 'Admin')).toHaveText('No');
  await button(page, 'Promote to admin').click();
  await expect(flash(page, 'Promoted to admin')).toBeVisible();
  await expect(heading(page, NAME)).toBeVisible();
  await expect(value(page, 'Admin')).toContainText('Since');
  await expect(button(page, 'Promote to admin')).toHaveCount(0);

  const navigation = page.getByRole('navigation', { name: 'Main' });
  await navigation.getByRole('link', { name: 'Admins', exact: true }).click();
  await expect(heading(page, /^Admins of /)).toBeVisible();
  const admin = row(page, NAME);
  await expect(admin).toContainText('user');
  if (scripts) {
    await expect(admin.getByRole('time')).toBeVisible();
  }
  await openUser(page);
}

async function expire(page: Page): Promise<void> {
  await openTab(page, 'Expiration');
  await expect(heading(page, /^Expiration of user /)).toBeVisible();
  await expect(main(page).getByText('The user does not expire', { exact: true })).toBeVisible();
  await field(page, 'Expire after (days)').fill('30');
  await button(page, 'Save expiration').click();
  await expect(flash(page, 'Expiration saved')).toContainText('The user expires on');
  await expect(main(page).getByText(/^Expires in/)).toBeVisible();
  await openTab(page, 'Details');
  await expect(value(page, 'Expiration')).toHaveText('30 days after creation');
  await openTab(page, 'Expiration');
  await main(page).getByRole('link', { name: 'Clear expiration' }).click();
  await expect(main(page)).toContainText('The user stays until somebody deletes it');
  await button(page, 'Clear expiration').click();
  await expect(flash(page, 'Expiration cleared')).toBeVisible();
  await expect(main(page).getByRole('link', { name: 'Clear expiration' })).toHaveCount(0);
}

async function tag(page: Page): Promise<void> {
  await openTab(page, 'Tags');
  await expect(heading(page, /^Tags of user /)).toBeVisible();
  await addTag(page, 'team', 'tutors');
  await button(page, 'Save tags').click();
  await expect(flash(page, 'Tags saved')).toContainText('1 added, 0 changed, 0 removed.');
  await openTab(page, 'Details');
  await expect(main(page).getByText('team: tutors')).toBeVisible();
}

async function demote(page: Page): Promise<void> {
  await main(page).getByRole('link', { name: 'Demote', exact: true }).click();
  await expect(main(page)).toContainText('This user can no longer manage every channel');
  await button(page, 'Demote').click();
  await expect(flash(page, 'Demoted')).toBeVisible();
  await expect(value(page, 'Admin')).toHaveText('No');
  await expect(button(page, 'Promote to admin')).toBeVisible();
}

async function readActivity(page: Page): Promise<void> {
  await openTab(page, 'Activity');
  await expect(heading(page, /^Activity of user /)).toBeVisible();
  const entries = page.getByRole('region', { name: 'Activity' }).getByRole('listitem');
  await expect(entries.first()).toContainText('Demote');
  await expect(entries.first()).toContainText('By admin');
}

async function remove(page: Page): Promise<void> {
  await openTab(page, 'Details');
  await main(page).getByRole('link', { name: 'Delete', exact: true }).click();
  await expect(heading(page, `Delete user ${NAME}`)).toBeVisible();
  const consequences = page.getByRole('table', { name: 'What is deleted' });
  await expect(consequences.getByRole('row', { name: /^Tags/ })).toContainText('1');
  const confirm = field(page, 'Type the user ID to confirm');
  await confirm.fill('tutor-1');
  await button(page, 'Delete AppInstanceUser').click();
  await expectProblem(confirm, 'Type it as it is written there.');
  await confirm.fill(ID);
  await button(page, 'Delete AppInstanceUser').click();
  await expect(flash(page, 'AppInstanceUser deleted')).toBeVisible();
  await expect(row(page, 'tutor-1')).toBeVisible();
  await expect(row(page, ID)).toHaveCount(0);

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Details' }).click();
  await main(page).getByRole('link', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('row', { name: /^AppInstanceUsers/ })).toContainText('1');
  await field(page, 'Type the name to confirm').fill(INSTANCE);
  await button(page, 'Delete AppInstance').click();
  await expect(flash(page, 'AppInstance deleted')).toBeVisible();
}

/** A Pinpoint application of an account. */
export function pinpointArn(account: string, region = 'us-east-1'): string {
  return `arn:aws:mobiletargeting:${region}:${account}:apps/0123456789abcdef`;
}
