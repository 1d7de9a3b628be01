// The audit log while somebody looks at it: what is done meanwhile comes by itself.
import { expect, test } from '../../support/fixtures';
import { main } from '../../support/parts';

test.use({ own: {} });

test('what others do comes into the list while Live is pressed', async ({ page, open, site }) => {
  const instance = await site.makeInstance('Followed');
  await open('/audit?operation=CreateAppInstanceUser');
  await expect(main(page).getByText('No entry matches')).toBeVisible();
  const live = page.getByRole('button', { name: 'Live' });
  await expect(live).toHaveAttribute('aria-pressed', 'false');

  await live.click();
  await expect(live).toHaveAttribute('aria-pressed', 'true');
  await site.makeUser(instance, 'one', 'One');
  const entries = main(page).getByRole('link', { name: 'Create AppInstanceUser', exact: true });
  await expect(entries).toHaveCount(1);
  await expect(page.getByRole('status').filter({ hasText: '1 new entry' })).toBeAttached();
  await expect(main(page).locator('tr.is-new')).toHaveCount(1);
  // The button was written anew: it stays pressed, and keeps the focus.
  await expect(live).toHaveAttribute('aria-pressed', 'true');
  await expect(live).toBeFocused();

  // A row that has the focus keeps it when others come above it.
  await entries.first().focus();
  await site.makeUser(instance, 'two', 'Two');
  await expect(entries).toHaveCount(2);
  await expect(entries.nth(1)).toBeFocused();

  await live.click();
  await expect(live).toHaveAttribute('aria-pressed', 'false');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await site.makeUser(instance, 'three', 'Three');
  await page.waitForTimeout(4000);
  expect(asked).toEqual([]);
  await expect(entries).toHaveCount(2);
});

test('a log that is no longer answered says so', async ({ page, open, site, guard }) => {
  await site.makeInstance('Followed');
  await open('/audit');
  guard.expects(/status of 503/, /503/);
  await page.route('**/api/audit/newest', (route) => route.fulfill({ status: 503, body: '' }));
  await page.getByRole('button', { name: 'Live' }).click();
  await expect(page.getByText('Live has stopped: the console did not answer.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Live' })).toHaveAttribute('aria-pressed', 'false');
});
