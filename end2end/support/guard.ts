// Fails a test when the browser complained about anything: an error in the console, an uncaught
// exception, a violation of the content security policy, a request that failed.
import { type BrowserContext, expect, type Page } from '@playwright/test';

export class Guard {
  private readonly complaints: string[] = [];
  private readonly expected: RegExp[] = [];
  /** How often the browser asked whether to leave a changed form. */
  asked = 0;
  /** Whether somebody stays then; else they leave. */
  stays = false;

  /** A complaint that the test is about. */
  expects(...complaints: RegExp[]): void {
    this.expected.push(...complaints);
  }

  /** The refusal that a page answers with: browsers log every status from 400 on. */
  expectsStatus(...statuses: number[]): void {
    this.expects(...statuses.map((status) => new RegExp(`status of ${status}\\b`)));
  }

  async watch(context: BrowserContext): Promise<void> {
    context.on('page', (page) => this.watchPage(page));
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy: ${event.violatedDirective} refuses ${event.blockedURI}`);
      });
    });
  }

  private watchPage(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error') {
        this.complaints.push(`console: ${message.text()} ${message.location().url}`);
      }
    });
    page.on('dialog', (dialog) => {
      this.asked += 1;
      void (this.stays ? dialog.dismiss() : dialog.accept());
    });
    page.on('pageerror', (error) => this.complaints.push(`exception: ${error.message}`));
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
      // The browser gives up what it loads for a page that is left; and a script that it was told
      // not to run is refused as if a policy had said so, without a word in the console.
      if (reason !== 'net::ERR_ABORTED' && reason !== 'csp') {
        this.complaints.push(`request: ${reason} ${request.method()} ${request.url()}`);
      }
    });
  }

  /** What was not expected. */
  check(): void {
    const found = this.complaints.filter((text) => !this.expected.some((one) => one.test(text)));
    expect(found, 'what the browser complained about').toEqual([]);
  }
}
