// Columns that cost a call for each row: they come after the page, some at a time, and fail alone.
import type { Page } from '@playwright/test';

import { expect, test } from '../../support/fixtures';
import { button, main, row } from '../../support/parts';
import { arnOf, type Site } from '../../support/site';

test.use({ backend: 'aws' });

const CELLS = '/api/columns/user';

async function makeUsers(site: Site, users: number): Promise<string> {
  const instance = await site.makeInstance('Late columns');
  await site.emulator?.seedUsers(arnOf(instance), users);
  return instance;
}

/** The most requests for cells that were on their way at once, and how many there were. */
function watch(page: Page): { most: number; all: number } {
  const seen = { most: 0, all: 0, now: 0 };
  const count = (by: number) => (request: { url(): string }) => {
    if (request.url().endsWith(CELLS)) {
      seen.now += by;
      seen.all += by > 0 ? 1 : 0;
      seen.most = Math.max(seen.most, seen.now);
    }
  };
  page.on('request', count(1));
  page.on('requestfinished', count(-1));
  page.on('requestfailed', count(-1));
  return seen;
}

test('a page costs one List call; each row then one more, at most eight at a time', async ({
  page,
  site,
}) => {
  const instance = await makeUsers(site, 50);
  const emulator = site.emulator;
  const before = {
    list: (await emulator?.calls('ListAppInstanceUsers')) ?? 0,
    describe: (await emulator?.calls('DescribeAppInstanceUser')) ?? 0,
  };
  await emulator?.wait(100);
  const seen = watch(page);
  await page.goto(`${instance}/users?size=50`);
  await expect(row(page, 'user-000050')).toBeVisible();
  await expect(page.locator('[data-late] .skeleton')).toHaveCount(0, { timeout: 30_000 });

  await expect(main(page).getByRole('time').filter({ hasText: /\d{4}$/ })).toHaveCount(50);
  expect(seen.all).toBe(50);
  expect(seen.most).toBe(8);
  expect(await emulator?.calls('ListAppInstanceUsers')).toBe(before.list + 1);
  expect(await emulator?.calls('DescribeAppInstanceUser')).toBe(before.describe + 50);
});

test('columns that are hidden cost nothing, and the choice is kept', async ({
  page,
  open,
  site,
}) => {
  const instance = await makeUsers(site, 3);
  const seen = watch(page);
  await open(`${instance}/users`);
  await expect(page.locator('[data-late] .skeleton')).toHaveCount(0);
  expect(seen.all).toBe(3);

  await main(page).getByText('Columns', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'Created' }).uncheck();
  await page.getByRole('checkbox', { name: 'Expires' }).uncheck();
  await button(page, 'Show columns').click();
  await expect(page.getByRole('columnheader', { name: 'Created' })).toHaveCount(0);
  await open(`${instance}/users`);
  await expect(page.getByRole('columnheader', { name: 'Created' })).toHaveCount(0);
  await expect(row(page, 'user-000003')).toBeVisible();
  expect(seen.all).toBe(3);

  await open(`${instance}/users?cols=endpoints`);
  await expect(page.getByRole('columnheader', { name: 'Endpoints' })).toBeVisible();
  await expect(page.locator('[data-late] .skeleton')).toHaveCount(0);
  await expect(row(page, 'user-000001').getByRole('cell', { name: '0', exact: true })).toBeVisible();
});

test('a cell that could not be read says so alone, and can be read again', async ({
  page,
  open,
  site,
}) => {
  const instance = await makeUsers(site, 4);
  await site.emulator?.fail({
    operation: 'ListAppInstanceUserEndpoints',
    kind: 'error',
    code: 'ForbiddenException',
    times: 1,
  });
  await open(`${instance}/users?cols=created&cols=endpoints`);
  await expect(page.locator('[data-late] .skeleton')).toHaveCount(0);
  await expect(main(page).getByRole('time').filter({ hasText: /\d{4}$/ })).toHaveCount(4);
  await expect(page.getByRole('cell', { name: '0', exact: true })).toHaveCount(3);

  const failed = page.locator('[data-late] details').filter({ hasText: 'Read again' });
  await expect(failed).toHaveCount(1);
  await failed.locator('summary').click();
  await expect(failed).toContainText('Not found, or this connection may not do it');
  await button(page, 'Read again').click();
  await expect(page.getByRole('cell', { name: '0', exact: true })).toHaveCount(4);
});

test('a server that is away shows in each cell, and the rest of the page stays', async ({
  page,
  open,
  site,
  guard,
}) => {
  guard.expects(/ERR_FAILED/, /Failed to fetch/);
  const instance = await makeUsers(site, 2);
  await page.route(`**${CELLS}`, (route) => route.abort());
  await open(`${instance}/users`);
  await expect(row(page, 'user-000001')).toBeVisible();
  const failed = page.locator('[data-late] details').filter({ hasText: 'Read again' });
  await expect(failed).toHaveCount(4);
  await failed.first().locator('summary').click();
  await expect(failed.first()).toContainText('The console could not be reached');
});

test('a session that ended shows in each cell too', async ({ page, open, site, guard }) => {
  guard.expectsStatus(401);
  const instance = await makeUsers(site, 2);
  await page.route(`**${CELLS}`, (route) => route.fulfill({ status: 401, json: {} }));
  await open(`${instance}/users`);
  const failed = page.locator('[data-late] details').filter({ hasText: 'Read again' });
  await expect(failed).toHaveCount(4);
});
