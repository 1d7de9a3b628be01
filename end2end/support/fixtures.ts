// What every journey is given: a dashboard, a browser that is signed in to it, and a guard.
import { test as base, expect, type Page } from '@playwright/test';

import { furnish } from './furnished';
import { Guard } from './guard';
import { type Backend, COOKIE, Site, type SiteOptions } from './site';

export { expect };

/** The dashboards of a worker: each is started when the first test asks for it. */
class Sites {
  private readonly running = new Map<Backend, Promise<Site>>();

  get(backend: Backend): Promise<Site> {
    const known = this.running.get(backend) ?? Site.start({ backend });
    this.running.set(backend, known);
    return known;
  }

  async stop(): Promise<void> {
    for (const site of this.running.values()) {
      await (await site).stop();
    }
  }
}

interface Options {
  /** Where the dashboard sends its calls. */
  backend: Backend;
  /** Whether the browser has a session. */
  signedIn: boolean;
  /** Starts a dashboard for each test alone, with these options. */
  own: Omit<SiteOptions, 'backend'> | undefined;
}

interface Fixtures extends Options {
  /** The dashboard that pages are of; shared by the tests of a worker unless it is of its own. */
  site: Site;
  /** The addresses of what is in that dashboard, which then holds something of every kind. */
  addresses: Record<string, string>;
  /** Whether scripts run. */
  scripts: boolean;
  guard: Guard;
  /** Opens a page of the dashboard, and waits until it is live. */
  open: (path: string) => Promise<void>;
}

export const test = base.extend<Fixtures, { sites: Sites }>({
  backend: ['embedded', { option: true }],
  signedIn: [true, { option: true }],
  own: [undefined, { option: true }],
  sites: [
    async ({}, use) => {
      const sites = new Sites();
      await use(sites);
      await sites.stop();
    },
    { scope: 'worker' },
  ],
  site: async ({ sites, backend, own }, use) => {
    const site = own ? await Site.start({ backend, ...own }) : await sites.get(backend);
    await use(site);
    await (own ? site.stop() : site.emulator?.recover());
  },
  addresses: async ({ site }, use) => use(await furnish(site)),
  baseURL: async ({ site }, use) => use(site.url),
  storageState: async ({ site, signedIn }, use) =>
    use(signedIn ? await signedInTo(site) : { cookies: [], origins: [] }),
  scripts: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled ?? true),
  guard: [
    async ({ context }, use) => {
      const guard = new Guard();
      await guard.watch(context);
      await use(guard);
      guard.check();
    },
    { auto: true },
  ],
  open: async ({ page, scripts }, use) =>
    use(async (path) => {
      await page.goto(path);
      if (scripts) {
        await live(page);
      }
    }),
});

/** The state of a browser that is signed in as `admin`, or has another session. */
export async function signedInTo(site: Site, session?: string) {
  const cookie = {
    name: COOKIE,
    value: session ?? (await site.session()),
    domain: '127.0.0.1',
    path: '/',
    expires: -1,
    httpOnly: true,
    secure: true,
    sameSite: 'Lax' as const,
  };
  return { cookies: [cookie], origins: [] };
}

/** Waits until the islands of a page are live. */
export async function live(page: Page): Promise<void> {
  await expect(page.locator('html[data-live]')).toBeAttached();
}
