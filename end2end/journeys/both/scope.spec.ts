// What an operator's role covers: chosen by an Admin, and seen by the operator with the next page.
import { expect, signedInTo, test } from '../../support/fixtures';
import {
  button,
  choice,
  expectProblem,
  expectRefused,
  field,
  flash,
  heading,
  main,
  row,
  summary,
  value,
} from '../../support/parts';
import { arnOf } from '../../support/site';

test.use({ own: {} });

test('an operator is limited to an AppInstance, and sees only that from then on', async ({
  page,
  open,
  site,
  scripts,
  browser,
}) => {
  const chat = await site.makeInstance('Chat');
  await site.makeInstance('Shop');
  const storageState = await signedInTo(site, await site.addOperator('grace', 'Operator'));
  const context = await browser.newContext({
    baseURL: site.url,
    javaScriptEnabled: scripts,
    storageState,
  });
  const theirs = await context.newPage();
  await theirs.goto(site.path());
  await expect(row(theirs, 'Shop')).toBeVisible();

  await open('/operators');
  await row(page, 'grace').getByRole('link', { name: 'grace', exact: true }).click();
  await main(page).getByRole('link', { name: 'Change scope' }).click();
  await expect(heading(page, 'Scope of grace')).toBeVisible();
  await choice(page, 'Scope', 'Limited').check();
  // What is searched for is shown below what is ticked, and nothing is saved.
  await page.getByRole('searchbox', { name: 'Search AppInstances by name or ID' }).fill('CHAT');
  await button(page, 'Search').click();
  await expect(main(page).getByRole('checkbox', { name: /Shop/ })).toHaveCount(0);
  await main(page).getByRole('checkbox', { name: /Chat/ }).check();
  await page.getByRole('searchbox', { name: 'Search AppInstances by name or ID' }).fill('shop');
  await button(page, 'Search').click();
  await expect(main(page).getByRole('checkbox', { name: /Chat/ })).toBeChecked();
  await expect(main(page).getByRole('checkbox', { name: /Shop/ })).not.toBeChecked();
  await main(page).getByText('By ARN, for many at once').click();
  await field(page, 'Limits').fill(`${arnOf(chat)}\nnot/a/limit`);
  await button(page, 'Save changes').click();
  await expectRefused(page, scripts, 'One field needs a change');
  await expectProblem(field(page, 'Limits'), 'Line 2: enter a connection');
  await expect(field(page, 'Limits')).toHaveValue(`${arnOf(chat)}\nnot/a/limit`);
  await field(page, 'Limits').fill(`${arnOf(chat)}\nelsewhere`);
  await button(page, 'Save changes').click();
  await expect(summary(page)).toContainText('Line 2: this console has no such connection');
  await expect(choice(page, 'Scope', 'Limited')).toBeChecked();
  await field(page, 'Limits').fill(arnOf(chat));
  await button(page, 'Save changes').click();

  await expect(flash(page, 'Scope changed')).toContainText('The role now covers: 1 AppInstance.');
  await expect(value(page, 'Scope')).toContainText('Chat');
  await theirs.reload();
  await expect(row(theirs, 'Chat')).toBeVisible();
  await expect(row(theirs, 'Shop')).toHaveCount(0);
  await expect(main(theirs)).toContainText('Only what your role covers');
  await context.close();
});
