// A user of an AppInstance from its creation to its deletion.
import { test } from '../../support/fixtures';
import { BACKENDS } from '../../support/site';
import { walkUser } from '../../support/user_journey';

for (const backend of BACKENDS) {
  test.describe(`on the backend ${backend}`, () => {
    test.use({ backend });

    test('an operator creates, equips, promotes, expires, tags, demotes and deletes a user', async ({
      page,
      site,
      scripts,
    }) => {
      test.slow();
      await walkUser(page, site, scripts);
    });
  });
}
