// A bot from its creation to its deletion, and admins of both kinds.
import { walkBotsAndAdmins } from '../../support/bot_journey';
import { test } from '../../support/fixtures';

test('an operator creates a bot, promotes it beside a user, demotes both and deletes it', async ({
  page,
  site,
  scripts,
}) => {
  test.slow();
  await walkBotsAndAdmins(page, site, scripts);
});
