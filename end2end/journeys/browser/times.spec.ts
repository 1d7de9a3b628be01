// Times in the zone of the reader, which only the browser knows.
import { expect, test } from '../../support/fixtures';
import { furnish } from '../../support/furnished';
import { button, main } from '../../support/parts';

const UTC = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/;

test.describe('in India', () => {
  test.use({ timezoneId: 'Asia/Kolkata' });

  test('the audit log has UTC, or the times of the reader with their zone', async ({
    page,
    open,
    site,
  }) => {
    await furnish(site);
    await open('/audit');
    const time = main(page).locator('.table time').first();
    await expect(time).toHaveText(UTC);
    await expect(time).toHaveAttribute('title', / UTC\+05:30 \(your time\)$/);
    const utc = await time.getAttribute('datetime');

    await button(page, 'Show local times').click();
    const local = main(page).locator(`.table time[datetime="${utc}"]`).first();
    await expect(local).toHaveText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\+05:30$/);
    await expect(local).toHaveAttribute('title', UTC);
    const shown = (await local.textContent())!.replace(' UTC', '').replace(' ', 'T');
    expect(Date.parse(shown), 'it is the same moment').toBe(
      Math.floor(Date.parse(utc!) / 1000) * 1000,
    );
    await button(page, 'Show UTC').click();
    await expect(main(page).locator('.table time').first()).toHaveText(UTC);
  });

  test('a time that is too far for JavaScript stays as it came', async ({ page, open, site }) => {
    await furnish(site);
    const far = '292278994-08-17T07:12:55.807Z';
    await page.route('**/audit', async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/(<time datetime=")[^"]*/, `$1${far}`);
      await route.fulfill({ response, body });
    });
    await open('/audit');
    const times = main(page).locator('.table time');
    await expect(times.nth(1)).toHaveAttribute('title', / UTC\+05:30 \(your time\)$/);
    const first = page.locator(`time[datetime="${far}"]`);
    await expect(first).toHaveText(UTC);
    await expect(first).not.toHaveAttribute('title', /your time/);
  });

  test('what is read late has the times of the reader too', async ({
    page,
    open,
    addresses: { instance },
  }) => {
    await open(`${instance}/users?cols=created`);
    const created = main(page).locator('.table td time').first();
    await expect(created).toHaveAttribute('title', / UTC\+05:30 \(your time\)$/);
  });

  test('a date that matters has the time of the reader beside it', async ({
    page,
    open,
    addresses: { user },
  }) => {
    await open(`${user}/expiration`);
    await expect(main(page)).toContainText(
      / UTC \(\d+ [A-Z][a-z]{2} \d{4}, \d\d:\d\d UTC\+05:30, your time\)/,
    );
  });
});

test.describe('where it is UTC', () => {
  test.use({ timezoneId: 'UTC' });

  test('nothing is said twice', async ({ page, open, addresses: { user } }) => {
    await open(`${user}/expiration`);
    await expect(main(page)).toContainText('after its creation');
    await expect(main(page)).not.toContainText('your time');
  });
});
