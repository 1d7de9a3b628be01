// Accessibility of a page as it stands: axe in both themes, and whether it fits a narrow window.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** The narrowest window that pages fit (WCAG 1.4.10). */
const NARROW = 320;

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

/** Nothing makes the page scroll sideways, as wide as it is and as narrow as it must be. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const wide = page.viewportSize();
  await expectFits(page);
  await page.setViewportSize({ width: NARROW, height: 800 });
  await expectFits(page);
  if (wide) {
    await page.setViewportSize(wide);
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
