// How the journeys run. `cargo xtask test --only journeys` sets the two variables:
//   CARILLON_BIN  the release binary; each worker starts its own server from it (support/)
//   CHROMIUM      the browser of the system; Playwright's own is never downloaded
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: './journeys',
  outputDir: './test-results',
  // A journey that passes the second time has found something: it fails the first time.
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    actionTimeout: 10_000,
    viewport: { width: 1280, height: 800 },
    // Nothing moves, so nothing has to be waited for.
    contextOptions: { reducedMotion: 'reduce' },
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    // `--trace on` records one; it doubles the time of a journey.
    trace: 'off',
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'browser', testIgnore: '**/no_js/**' },
    {
      // Every read and every single write works without scripts (ARCHITECTURE.md, invariant 7).
      name: 'no-js',
      testMatch: ['**/both/**', '**/no_js/**'],
      use: { javaScriptEnabled: false },
    },
  ],
});
