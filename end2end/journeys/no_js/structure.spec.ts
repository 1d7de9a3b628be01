// What every page has without scripts, where axe cannot run: one heading, names for all controls,
// captions.
import { expectStructure } from '../../support/axe';
import { test } from '../../support/fixtures';
import { addressOf, PAGES } from '../../support/furnished';

test('every page has a heading, and every control and table a name', async ({
  page,
  site,
  guard,
}) => {
  test.slow();
  guard.expectsStatus(403, 404, 422);
  for (const each of PAGES) {
    await test.step(each.name, async () => {
      const response = await page.goto(await addressOf(site, each));
      test.expect(response?.status()).toBe(each.status ?? 200);
      await expectStructure(page);
    });
  }
});
