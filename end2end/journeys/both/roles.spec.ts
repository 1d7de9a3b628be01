// Each role, and one that is limited to an AppInstance, on every page of the dashboard: it opens or
// says why not; what the role may not do is there, off, and says why.
import type { Page } from '@playwright/test';

import { addressOf, answerOf, PAGES, type Role } from '../../support/access';
import { expectNoFindings, expectStructure } from '../../support/axe';
import { expect, live, signedInTo, test as base } from '../../support/fixtures';
import { furnish } from '../../support/furnished';
import { heading, main } from '../../support/parts';
import { arnOf, Site } from '../../support/site';

/** A dashboard that nothing else changes, for all tests of a worker. */
const test = base.extend<object, { furnished: Site }>({
  furnished: [
    async ({}, use) => {
      const site = await Site.start({ backend: 'embedded' });
      await use(site);
      await site.stop();
    },
    { scope: 'worker' },
  ],
  site: async ({ furnished }, use) => use(furnished),
});

test.describe.configure({ mode: 'parallel' });

/** Something that can be done on a page. */
interface Act {
  /** A function to post to, or the address of a page. */
  to: string;
  label: string;
}

/** What can be done on a page, and what is off there: text and reason. */
interface Acts {
  forms: Act[];
  links: Act[];
  off: { label: string; reason: string }[];
}

/** What a page lets somebody do. `html` is one that is not open. */
async function actsOf(page: Page, html?: string): Promise<Acts> {
  return page.evaluate((html) => {
    const shown = html === undefined ? document : new DOMParser().parseFromString(html, 'text/html');
    const text = (element: Element) => {
      const copy = element.cloneNode(true) as Element;
      copy.querySelectorAll('.sr-only, .why').forEach((hidden) => hidden.remove());
      return (copy.textContent ?? '').replace(/\s+/g, ' ').trim();
    };
    const all = (selector: string) => [...shown.querySelectorAll(selector)];
    // Those that add and remove rows of tags only change the form.
    const other = '[type="button"], [disabled], [hidden], [name="add_row"], [name="remove_row"]';
    const buttons = all(`form[method="post"] button:not(${other})`);
    return {
      forms: buttons.map((button) => ({
        to: button.closest('form')?.getAttribute('action') ?? '',
        label: text(button),
      })),
      links: all('a[href^="/"]').map((link) => ({
        to: link.getAttribute('href') ?? '',
        label: text(link),
      })),
      off: all('[aria-disabled="true"][title]').map((element) => ({
        label: text(element),
        reason: element.getAttribute('title') ?? '',
      })),
    };
  }, html);
}

const REASON = /Needs the role|Your scope does not cover/;

/** Walks through every page as somebody. `covers` is whether their role covers all of the Region.
 * Axe looks as who sees the least, too; `pages.spec.ts` has what an Admin sees. */
async function walk(
  { page, site, scripts }: { page: Page; site: Site; scripts: boolean },
  role: Role,
  covers: boolean,
): Promise<void> {
  const may = (method: string, to: string) =>
    answerOf(method, to, role) !== 403 && (covers || to !== '/api/app-instances/create');
  let off = 0;
  for (const each of PAGES) {
    await test.step(each.path, async () => {
      const address = await addressOf(site, each);
      // The entry is about an AppInstance, where the table's is about somebody who signed in.
      const status = each.path === '/audit/{entry}' ? 200 : each.answers[role];

      const response = await page.goto(address);

      expect(response?.status(), address).toBe(status);
      await expectStructure(page);
      if (scripts) {
        await live(page);
        await expect(page.locator('[data-late] .skeleton')).toHaveCount(0);
        if (role === 'Viewer') {
          await expectNoFindings(page, role);
        }
      }
      const acts = await actsOf(page);
      for (const form of acts.forms) {
        expect(may('POST', form.to), `“${form.label}” on ${address} would be refused`).toBe(true);
      }
      for (const link of acts.links) {
        expect(may('GET', link.to), `“${link.label}” on ${address} leads to a refusal`).toBe(true);
      }
      if (status >= 400) {
        await expect(main(page)).toContainText(`This needs the role Admin`);
        return;
      }
      const more = await actsOf(page, await site.read(address));
      const refused = more.forms.filter((form) => !may('POST', form.to));
      for (const { label } of refused) {
        const told = acts.off.find((one) => one.label === label && REASON.test(one.reason));
        expect(told, `“${label}” on ${address} is there, off, and says why`).toBeDefined();
        off += 1;
      }
    });
  }
  expect(off > 0, 'something is off, unless everything is allowed').toBe(role !== 'Admin');
}

for (const role of ['Viewer', 'Operator'] as const) {
  test.describe(role, () => {
    test.use({
      storageState: async ({ site }, use) => {
        const name = `${role.toLowerCase()}-${crypto.randomUUID()}`;
        await use(await signedInTo(site, await site.addOperator(name, role)));
      },
    });

    test('on every page', async ({ page, site, scripts, guard }) => {
      test.setTimeout(300_000);
      guard.expectsStatus(403);
      await walk({ page, site, scripts }, role, true);
    });
  });
}

test('an Admin on every page', async ({ page, site, scripts }) => {
  test.setTimeout(300_000);
  await walk({ page, site, scripts }, 'Admin', true);
});

test.describe('an Operator for one AppInstance', () => {
  test.use({
    storageState: async ({ site }, use) => {
      const { instance } = await furnish(site);
      const name = `limited-${crypto.randomUUID()}`;
      const session = await site.addOperator(name, 'Operator', [arnOf(instance)]);
      await use(await signedInTo(site, session));
    },
  });

  test('on every page', async ({ page, site, scripts, guard }) => {
    test.setTimeout(300_000);
    guard.expectsStatus(403);
    await walk({ page, site, scripts }, 'Operator', false);
  });

  test('sees nothing of another one', async ({ page, site, addresses: { empty }, guard }) => {
    guard.expectsStatus(404);

    await page.goto(site.path());
    await expect(main(page)).toContainText('Northwind Care – production');
    await expect(main(page)).not.toContainText('Nothing in it');
    await expect(main(page)).toContainText('Only what your role covers');
    await page.goto('/audit');
    const entries = page.getByRole('table', { name: 'Entries of the audit log' });
    await expect(entries.getByRole('link', { name: 'Create AppInstance', exact: true })).toHaveCount(1);
    await expect(entries.getByRole('link', { name: 'Add operator' })).toHaveCount(0);
    for (const path of [empty, `${empty}/users`, `${empty}/activity`]) {
      await page.goto(path);
      await expect(heading(page, 'There is no such page')).toBeVisible();
    }
  });
});
