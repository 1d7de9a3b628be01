// The way of an operator through the whole life of an AppInstance. The same steps with and without
// scripts, on every backend.
import { expect, type Page } from '@playwright/test';

import { arnOf, PASSWORD, type Site } from './site';
import {
  addTag,
  button,
  expectProblem,
  field,
  fillTag,
  flash,
  heading,
  main,
  openTab,
  row,
  signIn,
  signOut,
  summary,
  value,
} from './parts';

const NAME = 'Harbor Telehealth – pilot';
const RENAMED = 'Harbor Telehealth – production';
const METADATA = '{"team":"Zürich"}';

export async function walkAppInstance(page: Page, site: Site, scripts: boolean): Promise<void> {
  await setUp(page, site);
  const arn = await create(page, scripts);
  await find(page);
  await edit(page);
  await keepMessages(page);
  await tag(page, scripts);
  await readAsCode(page, arn);
  await goTo(page, arn);
  await remove(page);
  await signOut(page);
}

/** The one-time link makes the first operator; from then on there is a password. */
async function setUp(page: Page, site: Site): Promise<void> {
  const link = await site.setupLink();
  await page.goto(link);
  await expect(heading(page, 'Set up Carillon')).toBeVisible();
  await expect(page.getByLabel('Username')).toHaveValue('admin');
  await page.getByLabel('New password').fill(PASSWORD);
  await button(page, 'Create operator').click();
  await expect(heading(page, 'Overview')).toBeVisible();
  await expect(flash(page, 'Welcome to Carillon')).toBeVisible();

  await signOut(page);
  await expect(page.getByRole('status').filter({ hasText: 'Signed out' })).toBeVisible();
  await signIn(page);
  await expect(heading(page, 'Overview')).toBeVisible();
}

async function create(page: Page, scripts: boolean): Promise<string> {
  await page.getByRole('link', { name: 'AppInstances', exact: true }).first().click();
  await expect(heading(page, 'AppInstances in us-east-1')).toBeVisible();
  await expect(main(page).getByText('No AppInstances in us-east-1 yet')).toBeVisible();
  await main(page).getByRole('link', { name: 'Create AppInstance' }).first().click();
  await expect(heading(page, 'Create AppInstance in us-east-1')).toBeVisible();

  if (scripts) {
    await expect(page.locator('html[data-live]')).toBeAttached();
  }
  await field(page, 'Name').fill(NAME);
  await field(page, 'Metadata').fill(METADATA);
  if (scripts) {
    // Bytes and not letters: ü is two.
    await expect(main(page).getByText('18 / 1024')).toBeVisible();
    await expect(main(page).getByText('Valid JSON')).toBeVisible();
  }
  await addTag(page, 'team', 'care');
  await addTag(page, 'stage', 'pilot');
  await expect(field(page, 'Name')).toHaveValue(NAME);
  await expect(field(page, 'Metadata')).toHaveValue(METADATA);
  await button(page, 'Create AppInstance').click();

  await expect(heading(page, NAME)).toBeVisible();
  await expect(flash(page, 'AppInstance created')).toBeVisible();
  await expect(main(page).getByText('JSON, 18 of 1,024 bytes')).toBeVisible();
  await expect(main(page).getByText('team: care')).toBeVisible();
  await expect(main(page).getByText('stage: pilot')).toBeVisible();
  const arn = arnOf(new URL(page.url()).pathname);
  await expect(value(page, 'ARN')).toContainText(arn);
  return arn;
}

async function find(page: Page): Promise<void> {
  await main(page).getByRole('link', { name: 'AppInstances', exact: true }).click();
  await expect(page.getByRole('table', { name: 'AppInstances in us-east-1' })).toBeVisible();
  await expect(row(page, NAME)).toContainText('Zürich');

  await page.getByRole('searchbox', { name: /^Search this page/ }).fill('nothing like it');
  await button(page, 'Apply').click();
  await expect(main(page).getByText('No match on this page')).toBeVisible();
  await main(page).getByRole('link', { name: 'Clear search' }).click();
  await page.getByRole('searchbox', { name: /^Search this page/ }).fill('TELEHEALTH');
  await button(page, 'Apply').click();
  await main(page).getByRole('link', { name: NAME, exact: true }).click();
  await expect(heading(page, NAME)).toBeVisible();
}

async function edit(page: Page): Promise<void> {
  await main(page).getByRole('link', { name: 'Edit', exact: true }).first().click();
  await expect(heading(page, `Edit AppInstance ${NAME}`)).toBeVisible();
  await expect(field(page, 'Metadata')).toHaveValue(METADATA);
  await field(page, 'Name').fill(RENAMED);
  await button(page, 'Save changes').click();
  await expect(heading(page, RENAMED)).toBeVisible();
  await expect(flash(page, 'Changes saved')).toBeVisible();
  await expect(main(page).getByText('JSON, 18 of 1,024 bytes')).toBeVisible();
}

/** Whatever deletes messages asks for the name; keeping them longer does not. */
async function keepMessages(page: Page): Promise<void> {
  const days = field(page, 'Retention days');
  const confirm = field(page, 'Type the name to confirm');
  await openTab(page, 'Retention');
  await expect(heading(page, `Retention of ${RENAMED}`)).toBeVisible();
  await days.fill('90');
  await confirm.fill(RENAMED);
  await button(page, 'Save retention').click();
  await expect(flash(page, 'Retention saved')).toContainText('Messages are kept for 90 days.');

  await days.fill('120');
  await button(page, 'Save retention').click();
  await expect(flash(page, 'Retention saved')).toContainText('Messages are kept for 120 days.');

  await days.fill('30');
  await button(page, 'Save retention').click();
  await expect(summary(page)).toBeVisible();
  await expectProblem(confirm, /Enter a value|not the name/);
  await expect(days).toHaveValue('30');
  await expect(main(page).getByText('Messages older than 30 days disappear')).toBeVisible();
  await confirm.fill(RENAMED.toLowerCase());
  await button(page, 'Save retention').click();
  await expect(flash(page, 'Retention saved')).toContainText('Messages are kept for 30 days.');

  await main(page).getByRole('link', { name: 'Turn off retention' }).click();
  await expect(main(page)).toContainText('Nothing is deleted any more');
  await button(page, 'Turn off retention').click();
  await expect(flash(page, 'Retention saved')).toContainText('Messages are kept for good.');
  await expect(main(page).getByRole('link', { name: 'Turn off retention' })).toHaveCount(0);
}

async function tag(page: Page, scripts: boolean): Promise<void> {
  await openTab(page, 'Tags');
  await expect(heading(page, `Tags of ${RENAMED}`)).toBeVisible();
  if (scripts) {
    await expect(page.locator('html[data-live]')).toBeAttached();
  }
  const keys = page.getByLabel('Key', { exact: true });
  await expect(keys).toHaveCount(2);
  const values = page.getByLabel('Value', { exact: true });
  const texts = await keys.evaluateAll((inputs) =>
    inputs.map((input) => (input as HTMLInputElement).value),
  );
  await values.nth(texts.indexOf('stage')).fill('production');
  await button(page, `Remove tag ${texts.indexOf('team') + 1}`).click();
  await expect(keys).toHaveCount(1);
  await addTag(page, 'cost-center', '4410');
  if (!scripts) {
    await button(page, 'Review changes').click();
  }
  const changes = page.getByRole('status', { name: 'What saving changes' });
  await expect(changes.getByRole('listitem')).toHaveCount(3);
  await expect(changes).toContainText('cost-center: 4410');
  await expect(changes).toContainText('pilot → production');
  await button(page, 'Save tags').click();
  await expect(flash(page, 'Tags saved')).toContainText('1 added, 1 changed, 1 removed.');
  await fillTag(page, 0, await keys.first().inputValue(), '');
  await button(page, 'Save tags').click();
  await expect(summary(page)).toContainText('Chime does not accept an empty tag value.');
  await openTab(page, 'Details');
  await expect(main(page).getByText('stage: production')).toBeVisible();
  await expect(main(page).getByText('team: care')).toHaveCount(0);
}

async function readAsCode(page: Page, arn: string): Promise<void> {
  await main(page).getByRole('link', { name: 'As code' }).click();
  const drawer = page.getByRole('complementary', { name: 'As code' });
  await expect(drawer).toContainText('aws chime-sdk-identity describe-app-instance');
  await expect(drawer).toContainText(arn);
  await expect(drawer).toContainText('chime:ListTagsForResource');
  for (const [tab, text] of [
    ['Python', 'describe_app_instance'],
    ['Rust', 'describe_app_instance()'],
    ['JSON', '"AppInstanceArn"'],
    ['IAM', '"Effect": "Allow"'],
  ]) {
    await drawer.getByRole('link', { name: tab, exact: true }).click();
    await expect(drawer).toContainText(text);
  }
  await drawer.getByRole('link', { name: 'Close As code' }).click();
  await expect(drawer).toHaveCount(0);
}

async function goTo(page: Page, arn: string): Promise<void> {
  const box = page.getByRole('searchbox', { name: 'Go to a name, ID or ARN' });
  await box.fill('arn:aws:chime:us-east-1:210987654321:app-instance/0a1b');
  await box.press('Enter');
  await expect(heading(page, 'Go to')).toBeVisible();
  await expect(main(page).getByText('This ARN belongs to another account.')).toBeVisible();
  await field(page, 'Name, ID or ARN').fill(arn);
  await button(page, 'Go').click();
  await expect(heading(page, RENAMED)).toBeVisible();
}

async function remove(page: Page): Promise<void> {
  await main(page).getByRole('link', { name: 'Delete', exact: true }).click();
  await expect(heading(page, `Delete AppInstance ${RENAMED}`)).toBeVisible();
  const table = page.getByRole('table', { name: 'What is deleted' });
  await expect(table.getByRole('row', { name: /AppInstanceUsers/ })).toContainText('0');
  const confirm = field(page, 'Type the name to confirm');
  await confirm.fill(NAME);
  await button(page, 'Delete AppInstance').click();
  await expectProblem(confirm, 'This is not the name shown above.');
  await expect(confirm).toHaveValue(NAME);
  await confirm.fill(RENAMED);
  await button(page, 'Delete AppInstance').click();
  await expect(heading(page, 'AppInstances in us-east-1')).toBeVisible();
  await expect(flash(page, 'AppInstance deleted')).toBeVisible();
  await expect(main(page).getByText('No AppInstances in us-east-1 yet')).toBeVisible();
}
