// Menus and messages: the keyboard, and a press elsewhere.
import { expect, signedInTo, test } from '../../support/fixtures';
import { button, field, flash, heading, main } from '../../support/parts';

test('the arrows move in the menu of a row, Escape closes it and leaves the focus at its button', async ({
  page,
  open,
  addresses: { instance },
}) => {
  await open(`${instance}/users`);
  const opener = page.getByLabel('Actions for plain');
  const item = (name: string) => page.getByRole('link', { name, exact: true });
  await opener.focus();
  await page.keyboard.press('ArrowDown');
  await expect(item('View')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(item('Edit')).toBeFocused();
  await page.keyboard.press('End');
  await expect(main(page).getByRole('link', { name: 'Delete', exact: true })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(item('View')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Home');
  await expect(item('View')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(item('View')).toBeHidden();
  await expect(opener).toBeFocused();
});

for (const [name, open_] of [
  ['account menu', 'admin, account menu'],
  ['theme menu', 'Theme'],
  ['menu of a row', 'Actions for plain'],
] as const) {
  test(`the ${name} closes by a press elsewhere and stays in the window`, async ({
    page,
    open,
    addresses: { instance },
  }) => {
    await open(`${instance}/users`);
    await page.getByLabel(open_, { exact: true }).click();
    const menu = page.locator('.menu-list:popover-open');
    await expect(menu).toHaveCount(1);
    const { x, y, width, height } = (await menu.boundingBox())!;
    expect(x >= 0 && y >= 0 && x + width <= 1280 && y + height <= 800).toBe(true);
    const anchor = (await page.getByLabel(open_, { exact: true }).boundingBox())!;
    expect(Math.abs(y - (anchor.y + anchor.height)), 'it is below its button').toBeLessThan(16);
    await heading(page, /^Users of /).click();
    await expect(menu).toHaveCount(0);
  });
}

test('after a save the message has the focus, is closed, and the heading has it', async ({
  page,
  open,
  addresses: { user },
}) => {
  await open(`${user}/edit`);
  await field(page, 'Name').fill('Mara O’Neill');
  await button(page, 'Save changes').click();
  await expect(flash(page, 'Changes saved')).toBeFocused();
  await button(page, 'Close message').click();
  await expect(flash(page, 'Changes saved')).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test.describe('for a Viewer', () => {
  test.use({
    storageState: async ({ site }, use) =>
      use(await signedInTo(site, await site.addOperator(`eye-${crypto.randomUUID()}`, 'Viewer'))),
  });

  test('what is off in a menu is reached by the arrows and says why', async ({
    page,
    open,
    addresses: { instance },
  }) => {
    await open(`${instance}/users`);
    await page.getByLabel('Actions for plain').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const edit = page.getByRole('link', { name: 'Edit (Needs the role Operator)' });
    await expect(edit).toBeFocused();
    await expect(edit.locator('.why')).toBeInViewport();
    await page.keyboard.press('Enter');
    await expect(heading(page, /^Users of /)).toBeVisible();
    await expect(page.getByRole('link', { name: 'Operators' })).toHaveCount(0);
  });

  test('what is off on a page says why while it has the focus', async ({
    page,
    open,
    addresses: { user },
  }) => {
    await open(user);
    const off = main(page).getByRole('link', { name: /^Delete \(Needs the role/ });
    await off.focus();
    const why = off.locator('.why');
    await expect(why).toBeInViewport();
    expect((await why.boundingBox())!.width).toBeGreaterThan(60);
  });
});
