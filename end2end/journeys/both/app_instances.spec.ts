// An AppInstance from the first start of the dashboard to its deletion.
import { walkAppInstance } from '../../support/app_instance_journey';
import { test } from '../../support/fixtures';
import { BACKENDS } from '../../support/site';

for (const backend of BACKENDS) {
  test.describe(`on the backend ${backend}`, () => {
    test.use({ backend, signedIn: false, own: { withOperator: false } });

    test('an operator sets up, creates, finds, edits, tags and deletes an AppInstance', async ({
      page,
      site,
      scripts,
    }) => {
      test.slow();
      await walkAppInstance(page, site, scripts);
    });
  });
}
