// Accessibility of a page as it stands: axe in both themes, and whether it fits windows of every width.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** From the narrowest window that pages fit (WCAG 1.4.10), by the side of each breakpoint, to a wide screen. */
const WIDTHS = [320, 768, 1152, 1280, 1920];

/** What a theme can change; the rest of the page is the same in both. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Axe finds nothing, in the light and in the dark theme. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  await expectNoFindings(page, 'light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectNoFindings(page, 'dark', COLOURS);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Axe finds nothing as the page is now. */
export async function expectNoFindings(page: Page, when: string, rules?: string[]): Promise<void> {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n  ${node.html}\n  ${node.failureSummary}`),
  );
  expect(found, `what axe found (${when})`).toEqual([]);
}

/** In a window of every width, axe finds nothing in either theme, and nothing makes the page scroll sideways. */
export async function expectGoodAtEveryWidth(page: Page): Promise<void> {
  const before = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await expectFits(page);
    await expectAccessible(page);
  }
  if (before) {
    await page.setViewportSize(before);
  }
}

async function expectFits(page: Page): Promise<void> {
  const widest = await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) {
      return null;
    }
    const all = [...document.body.querySelectorAll('*')];
    const over = all.filter((element) => element.getBoundingClientRect().right > clientWidth + 1);
    return `${scrollWidth} > ${clientWidth}: ${over.at(-1)?.outerHTML.slice(0, 200)}`;
  });
  expect(widest, 'what is wider than the window').toBeNull();
}

/** What axe would look for first, where it cannot run: headings, names, captions. */
export async function expectStructure(page: Page): Promise<void> {
  await expect(page.getByRole('main')).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).not.toBeEmpty();
  for (const role of ['textbox', 'searchbox', 'checkbox', 'radio', 'combobox', 'button'] as const) {
    const nameless = page.getByRole(role, { name: /^$/ });
    await expect(nameless, `a ${role} without a name`).toHaveCount(0);
  }
  await expect(page.locator('table:not(:has(> caption))'), 'tables without captions').toHaveCount(0);
}
