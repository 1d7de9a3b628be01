// Leaving a form that was changed asks first; nothing is asked when nothing was, or when it was sent.
import { expect, test } from '../../support/fixtures';
import { addTag, button, field, heading, main } from '../../support/parts';

test('a changed form is not left without a question', async ({ page, open, site, guard }) => {
  const instance = await site.makeInstance('Kept');

  // Nothing was changed: a link, and what was typed and taken back.
  await open(`${instance}/edit`);
  await main(page).getByRole('link', { name: 'Cancel' }).click();
  await expect(heading(page, 'Kept')).toBeVisible();
  await open(`${instance}/edit`);
  await field(page, 'Name').fill('Other');
  await field(page, 'Name').fill('Kept');
  await main(page).getByRole('link', { name: 'Cancel' }).click();
  await expect(heading(page, 'Kept')).toBeVisible();
  expect(guard.asked).toBe(0);

  // Changed: the page stays as long as somebody wants to stay.
  guard.stays = true;
  await open(`${instance}/edit`);
  await field(page, 'Name').fill('Other');
  await main(page).getByRole('link', { name: 'Cancel' }).click();
  await expect.poll(() => guard.asked).toBe(1);
  await expect(field(page, 'Name')).toHaveValue('Other');

  // "As code" shows it as it stands and asks nothing; what came back is changed still.
  await button(page, 'As code').click();
  await expect(page.getByRole('complementary', { name: 'As code' })).toContainText('Other');
  await expect(field(page, 'Name')).toHaveValue('Other');
  expect(guard.asked).toBe(1);
  await main(page).getByRole('link', { name: 'Cancel' }).click();
  await expect.poll(() => guard.asked).toBe(2);

  // Sent: nothing is asked.
  await button(page, 'Save changes').click();
  await expect(heading(page, 'Other')).toBeVisible();
  expect(guard.asked).toBe(2);

  // Rows that came or went are changes too.
  await open(`${instance}/tags`);
  await addTag(page, 'team', 'blue');
  await main(page).getByRole('link', { name: 'Cancel' }).click();
  await expect.poll(() => guard.asked).toBe(3);
  guard.stays = false;
});

test('who confirms a deletion and thinks better of it is asked nothing', async ({
  page,
  open,
  site,
  guard,
}) => {
  const instance = await site.makeInstance('Stays');
  await open(`${instance}/delete`);
  await field(page, 'Type the name to confirm').fill('Stays');
  await main(page).getByRole('link', { name: 'Cancel' }).click();
  await expect(heading(page, 'Stays')).toBeVisible();
  expect(guard.asked).toBe(0);
});
