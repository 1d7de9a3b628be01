// Everything is reached and done with the keyboard, and one sees where one is.
import type { Page } from '@playwright/test';

import { expect, test } from '../../support/fixtures';
import { furnish } from '../../support/furnished';
import { button, expectProblem, field, heading, main, summary } from '../../support/parts';
import { arnOf } from '../../support/site';

test('the first stop is the link past the navigation', async ({ page, open, site }) => {
  await furnish(site);
  await open(site.path());
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('Tab');
  expect(await inMain(page)).toBe(true);
});

function inMain(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement?.closest('main') !== null);
}

for (const [name, of] of [
  ['a list', ({ instance }: Record<string, string>) => `${instance}/users`],
  ['a form', ({ user }: Record<string, string>) => `${user}/register-endpoint`],
  ['details with code', ({ instance }: Record<string, string>) => `${instance}?code=cli`],
] as const) {
  test(`every stop of ${name} shows that it has the focus`, async ({ page, open, site }) => {
    await open(of(await furnish(site)));
    await expect(page.locator('[data-late] .skeleton')).toHaveCount(0);
    const seen = new Set<string>();
    for (let stop = 0; stop < 80; stop += 1) {
      await page.keyboard.press('Tab');
      const focus = await describeFocus(page);
      if (focus === null || seen.has(focus.place)) {
        break;
      }
      seen.add(focus.place);
      expect(focus, focus.html).toMatchObject({ outlined: true, covered: false });
    }
    expect(seen.size).toBeGreaterThan(10);
  });
}

/** What has the focus, whether an outline says so, and whether something covers it. */
function describeFocus(page: Page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) {
      return null;
    }
    const outline = (of: Element | null) => {
      const style = of && getComputedStyle(of);
      return style?.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2;
    };
    const { x, y, width, height } = element.getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    const label = element.closest('label');
    return {
      place: String([...document.querySelectorAll('*')].indexOf(element)),
      html: element.outerHTML.slice(0, 160),
      outlined: outline(element) || outline(label),
      covered: !(top && (element.contains(top) || top.contains(element) || label?.contains(top))),
    };
  });
}

test('Enter in a field sends the form, not the button that adds a row', async ({
  page,
  open,
  site,
}) => {
  await open(site.creating);
  await field(page, 'Name').focus();
  await page.keyboard.press('Enter');
  await expect(summary(page)).toBeFocused();
  await expectProblem(field(page, 'Name'), 'Enter a value.');

  // From the box to the field, and on to the button that adds a row.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(field(page, 'Name')).toBeFocused();
  await page.keyboard.type('By keyboard');
  await button(page, 'Add tag').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Key', { exact: true })).toBeFocused();
  await page.keyboard.type('hand');
  await page.keyboard.press('Tab');
  await page.keyboard.type('left');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'By keyboard')).toBeVisible();
  await expect(main(page).getByText('hand: left')).toBeVisible();
});

test('a row of tags that goes leaves the focus at the button that adds one', async ({
  page,
  open,
  addresses: { instance },
}) => {
  await open(`${instance}/tags`);
  await button(page, 'Remove tag 1').focus();
  await page.keyboard.press('Enter');
  await expect(button(page, 'Add tag')).toBeFocused();
  await expect(page.getByLabel('Key', { exact: true })).toHaveCount(0);
});

test('the menu of a row opens with the keyboard', async ({
  page,
  open,
  addresses: { instance },
}) => {
  await open(`${instance}/users`);
  await page.getByLabel('Actions for plain').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'View', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Plain')).toBeVisible();
});

test('what was copied is said', async ({ page, open, addresses: { instance } }) => {
  await open(instance);
  await button(page, 'Copy ARN').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'ARN copied' })).toBeAttached();
  const box = page.getByRole('searchbox', { name: 'Go to a name, ID or ARN' });
  await box.focus();
  await page.keyboard.press('Control+V');
  await expect(box).toHaveValue(arnOf(instance));
});
