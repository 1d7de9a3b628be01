// What pages in unusual states have without scripts, where axe cannot run: one heading, names for all
// controls, captions. `roles.spec.ts` walks through all the others.
import { expectStructure } from '../../support/axe';
import { test } from '../../support/fixtures';
import { addressOf, STATES } from '../../support/furnished';

test('a page in an unusual state has a heading, and every control and table a name', async ({
  page,
  site,
  guard,
}) => {
  test.slow();
  guard.expectsStatus(403, 404, 422);
  for (const each of STATES) {
    await test.step(each.name, async () => {
      const response = await page.goto(await addressOf(site, each));
      test.expect(response?.status()).toBe(each.status ?? 200);
      await expectStructure(page);
    });
  }
});
