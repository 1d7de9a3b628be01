// No width loses anything: every table keeps its links, no name makes a page scroll sideways, and what
// is printed has all columns.
import type { Page } from '@playwright/test';

import { addressOf, PAGES } from '../../support/access';
import { expect, test } from '../../support/fixtures';
import { addressOf as addressOfState, furnish, STATES } from '../../support/furnished';
import { button, main } from '../../support/parts';
import { ACCOUNT, arnOf, targetOf, type Site } from '../../support/site';
import { pinpointArn } from '../../support/user_journey';

const WIDTHS = [320, 768, 1152, 1280, 1920];

/** The longest names there are, of the widest letter and without a place to break. */
const WIDE = 'W'.repeat(256);

async function atWidth(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
}

/** Links of tables that show less than their first ten characters, or less than all if they are shorter. */
function narrowLinks(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const links = [...document.querySelectorAll('.table :is(tbody th, td) > a:not(.act)')];
    return links.flatMap((link) => {
      if (!link.checkVisibility()) {
        return [`${link.textContent} is not there`];
      }
      const text = document.createTreeWalker(link, NodeFilter.SHOW_TEXT).nextNode() as Text;
      const range = document.createRange();
      range.setStart(text, 0);
      range.setEnd(text, Math.min(10, text.length));
      const wanted = range.getBoundingClientRect().width;
      const cell = link.closest('th, td')!;
      const style = getComputedStyle(cell);
      const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
      const shown = cell.getBoundingClientRect().width - padding;
      return shown + 1 < wanted ? [`${link.textContent}: ${shown} of ${wanted}`] : [];
    });
  });
}

function sideways(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}

/** An AppInstance in which everything has the longest name, and its pages. */
async function makeWide(site: Site): Promise<string[]> {
  const tags = { 'tag_key[0]': 'K'.repeat(128), 'tag_value[0]': 'V'.repeat(256) };
  const metadata = 'M'.repeat(1024);
  const instance = await site.makeInstance(WIDE, { metadata, ...tags });
  const id = 'U'.repeat(64);
  const user = await site.makeUser(instance, id, WIDE.slice(0, 100), { metadata, ...tags });
  const endpoint = await site.make('endpoints/register', {
    target: targetOf(user),
    token: crypto.randomUUID(),
    kind: 'APNS',
    resource_arn: pinpointArn(ACCOUNT),
    device_token: 'T'.repeat(1600),
    name: 'W'.repeat(1600),
    allow_messages: 'NONE',
  });
  await site.make('admins/create', { target: targetOf(instance), member: arnOf(user), kind: '' });
  return [
    '/',
    site.path(),
    `${site.path()}?q=${WIDE}`,
    instance,
    ...['edit', 'tags', 'activity', 'retention', 'delete'].map((page) => `${instance}/${page}`),
    `${instance}/users?cols=created&cols=expires&cols=admin&cols=endpoints`,
    `${instance}/admins`,
    `${instance}/admins/user/${id}/remove`,
    user,
    ...['edit', 'tags', 'activity', 'expiration', 'delete'].map((page) => `${user}/${page}`),
    `${user}/endpoints`,
    endpoint,
    ...['edit', 'activity', 'deregister'].map((page) => `${endpoint}/${page}`),
    `/audit?resource=${WIDE}`,
  ];
}

test('every table keeps ten letters of its links at every width', async ({
  page,
  open,
  site,
  addresses: { instance },
}) => {
  test.setTimeout(240_000);
  await site.makeUser(instance, 'WWWWWWWWWWWWWWWWWWWWWWWW@example.com', 'Wide');
  const pages = PAGES.filter(({ answers }) => answers.Admin === 200);
  const states = STATES.filter(({ status }) => !status);
  // One after another: few may read the audit log at once, where the address of an entry is found.
  const of = [
    ...pages.map((each) => () => addressOf(site, each)),
    ...states.map((each) => () => addressOfState(site, each)),
  ];
  for (const find of of) {
    const address = await find();
    await open(address);
    await expect(page.locator('[data-late] .skeleton')).toHaveCount(0);
    for (const width of WIDTHS) {
      await atWidth(page, width);
      expect(await narrowLinks(page), `${address} at ${width}`).toEqual([]);
    }
  }
});

test('no name makes a page scroll sideways at any width', async ({ page, open, site }) => {
  test.setTimeout(240_000);
  for (const address of await makeWide(site)) {
    await open(address);
    await expect(page.locator('[data-late] .skeleton')).toHaveCount(0);
    for (const width of [...WIDTHS, 609, 761]) {
      await atWidth(page, width);
      expect(await sideways(page), `${address.slice(0, 200)} at ${width}`).toBe(0);
    }
  }
});

test('the menu of columns opens inside the window at every width', async ({
  page,
  open,
  addresses: { instance },
}) => {
  await open(`${instance}/users`);
  for (const width of WIDTHS) {
    await atWidth(page, width);
    await button(page, 'Columns').click();
    const menu = page.locator('#columns');
    await expect(menu).toBeVisible();
    const box = (await menu.boundingBox())!;
    expect(box.x >= 0 && box.x + box.width <= width, `at ${width}`).toBe(true);
    expect(box.y >= 0 && box.y + box.height <= 900, `at ${width}`).toBe(true);
    // Nothing in it is cut off, and no two of its rows lie on each other.
    const rows = await menu.locator('label, p, button').evaluateAll((all) =>
      all.map((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return { top, bottom, cut: row.scrollWidth > row.clientWidth + 1 };
      }),
    );
    for (const [at, row] of rows.entries()) {
      expect(row.cut, `row ${at} at ${width}`).toBe(false);
      expect(row.top, `row ${at} at ${width}`).toBeGreaterThanOrEqual(rows[at - 1]?.bottom ?? 0);
    }
    await page.keyboard.press('Escape');
  }
});

test('the fields of a form are equally far apart', async ({
  page,
  open,
  addresses: { instance },
}) => {
  await open(`${instance}/create-user`);
  for (const width of WIDTHS) {
    await atWidth(page, width);
    const gaps = await main(page)
      .locator('.panel-form')
      .evaluate((panel) => {
        const fields = [...panel.querySelectorAll(':scope > :is(.field, fieldset)')];
        const boxes = fields.map((field) => field.getBoundingClientRect());
        return boxes.slice(1).map((box, at) => Math.round(box.top - boxes[at].bottom));
      });
    expect(gaps.length, 'five fields and a choice').toBe(5);
    expect(new Set(gaps), `at ${width}`).toEqual(new Set([20]));
  }
});

test('a card of a narrow window has each label beside or above its value', async ({
  page,
  open,
  addresses: { user, instance },
}) => {
  await atWidth(page, 320);
  for (const list of [`${user}/endpoints`, `${instance}/users`, `${instance}/bots`]) {
    await open(list);
    await expect(page.locator('[data-late] .skeleton')).toHaveCount(0);
    const { seen, wrong } = await page.evaluate(() => {
      const cells = [...document.querySelectorAll<HTMLElement>('.table td[data-label]')];
      const shown = cells.filter((cell) => cell.checkVisibility());
      const wrong = shown.flatMap((cell) => {
        const label = getComputedStyle(cell, '::before');
        const text = document.createRange();
        text.selectNodeContents(cell);
        const value = text.getBoundingClientRect();
        const from = cell.getBoundingClientRect();
        // What may be a sentence has its label above it.
        const isBeside = cell.classList.contains('wrap')
          ? value.top - from.top >= parseFloat(label.height)
          : value.left - from.left >= parseFloat(label.width);
        const isInside = value.right <= from.right + 1;
        return isBeside && isInside ? [] : [`${cell.dataset.label}: ${cell.textContent}`];
      });
      return { seen: shown.length, wrong };
    });
    expect(seen, list).toBeGreaterThan(0);
    expect(wrong, list).toEqual([]);
  }
});

test('the printed audit log has all columns, and begins on the first page', async ({
  page,
  open,
  site,
}) => {
  await furnish(site);
  await open('/audit');
  await atWidth(page, 718);
  await page.emulateMedia({ media: 'print' });
  for (const name of ['Time', 'Who', 'Operation', 'Resource', 'Outcome', 'AWS request']) {
    await expect(page.getByRole('columnheader', { name })).toBeVisible();
  }
  const cut = await page.evaluate(() => {
    const cells = [...document.querySelectorAll('.table :is(th, td)')];
    return cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).length;
  });
  expect(cut, 'cells that are cut off').toBe(0);
  const kept = await page
    .getByRole('region', { name: 'Entries' })
    .evaluate((panel) => getComputedStyle(panel).breakInside);
  expect(kept, 'a long panel is not moved to the second page as a whole').toBe('auto');
});
