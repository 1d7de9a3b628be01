// AWS and the machine misbehave: what a person is told, and that nothing is lost or made twice.
import { expect, test } from '../../support/fixtures';
import { button, field, flash, heading, main, row, summary } from '../../support/parts';
import { PASSWORD } from '../../support/site';

test.describe('when AWS fails', () => {
  test.use({ backend: 'aws' });

  for (const [code, status, headline] of [
    ['ThrottledClientException', 429, 'AWS is slowing us down'],
    ['ServiceFailureException', 503, 'AWS had a problem'],
    ['ServiceUnavailableException', 503, 'AWS had a problem'],
  ] as const) {
    test(`${code} on a list is explained and can be tried again`, async ({
      page,
      site,
      guard,
    }) => {
      guard.expectsStatus(status);
      await site.emulator?.fail({ operation: 'ListAppInstances', kind: 'error', code });
      const response = await page.goto(site.path());
      expect(response?.status()).toBe(status);
      await expect(heading(page, 'AppInstances in us-east-1')).toBeVisible();
      const failure = page.getByRole('alert');
      await expect(failure).toContainText(headline);
      await expect(failure).toContainText('chime:ListAppInstances');
      await expect(failure).toContainText(/AWS request [0-9a-f-]{36}/);

      await site.emulator?.recover();
      await failure.getByRole('link', { name: 'Try again' }).click();
      await expect(page.getByRole('alert')).toHaveCount(0);
    });

    test(`${code} on a form keeps it, and the next press makes one`, async ({
      page,
      open,
      site,
    }) => {
      await site.emulator?.fail({ operation: 'CreateAppInstance', kind: 'error', code });
      await open(site.creating);
      await field(page, 'Name').fill(code);
      await field(page, 'Metadata').fill('kept');
      await button(page, 'Create AppInstance').click();
      await expect(summary(page)).toContainText(headline);
      await expect(summary(page)).toBeFocused();
      await expect(summary(page)).toContainText(/AWS request [0-9a-f-]{36}/);
      await expect(summary(page)).toContainText(/Operation \S+/);
      await expect(field(page, 'Name')).toHaveValue(code);
      await expect(field(page, 'Metadata')).toHaveValue('kept');

      await site.emulator?.recover();
      await button(page, 'Create AppInstance').click();
      await expect(heading(page, code)).toBeVisible();
    });
  }

  test('a page that AWS answers in part shows the rest', async ({ page, open, site }) => {
    const instance = await site.makeInstance('In part');
    await site.emulator?.fail(
      { operation: 'ListTagsForResource', kind: 'error' },
      { operation: 'GetAppInstanceRetentionSettings', kind: 'error' },
    );
    await open(instance);
    await expect(heading(page, 'In part')).toBeVisible();
    await expect(main(page).getByText(/Could not read: AWS had a problem/)).toBeVisible();
    await expect(page.getByRole('region', { name: 'Tags' })).toContainText('AWS had a problem');
  });

  test('a connection that breaks after the change was made does not make it twice', async ({
    page,
    open,
    site,
  }) => {
    await site.emulator?.fail({
      operation: 'CreateAppInstance',
      kind: 'reset',
      after_commit: true,
      times: 1,
    });
    await open(site.creating);
    await field(page, 'Name').fill('Reset once');
    await button(page, 'Create AppInstance').click();
    const made = heading(page, 'Reset once');
    await expect(made.or(summary(page))).toBeVisible();
    if (!(await made.isVisible())) {
      await expect(summary(page)).toContainText('the change may have been made');
      await expect(field(page, 'Name')).toHaveValue('Reset once');
      await button(page, 'Create AppInstance').click();
      await expect(made).toBeVisible();
    }
    await open(`${site.path()}?q=Reset+once`);
    await expect(row(page, 'Reset once')).toHaveCount(1);
  });

  test('connections that always break are told as no answer', async ({ page, open, site }) => {
    const instance = await site.makeInstance('Always reset');
    await open(`${instance}/edit`);
    await site.emulator?.fail({ operation: 'UpdateAppInstance', kind: 'reset' });
    await field(page, 'Name').fill('Perhaps saved');
    await button(page, 'Save changes').click();
    await expect(summary(page)).toContainText('No answer; the change may have been made');
    await expect(field(page, 'Name')).toHaveValue('Perhaps saved');
  });

  test('an answer that never comes is given up after half a minute', async ({
    page,
    open,
    site,
  }) => {
    test.setTimeout(120_000);
    await page.addInitScript(() => {
      addEventListener('pagehide', () => {
        const waiting = document.querySelector('form[aria-busy="true"] [data-working]');
        sessionStorage.setItem('waiting', waiting?.textContent ?? '');
      });
    });
    await open(site.creating);
    await site.emulator?.fail({ operation: 'CreateAppInstance', kind: 'hang' });
    await field(page, 'Name').fill('Waited for');
    await button(page, 'Create AppInstance').click({ noWaitAfter: true });
    await expect(summary(page)).toContainText('No answer', { timeout: 45_000 });
    // Meanwhile the button said that it works.
    expect(await page.evaluate(() => sessionStorage.getItem('waiting'))).toBe('Creating…');
    await expect(field(page, 'Name')).toHaveValue('Waited for');

    await site.emulator?.recover();
    await button(page, 'Create AppInstance').click();
    await expect(heading(page, 'Waited for')).toBeVisible();
  });

  test('a quota that is used up is named', async ({ page, open, site }) => {
    await site.emulator?.set({ quotas: { app_instances: 0 } });
    await open(site.creating);
    await field(page, 'Name').fill('One too many');
    await button(page, 'Create AppInstance').click();
    await expect(summary(page)).toContainText('Quota reached');
    await expect(summary(page)).toContainText('L-0222B40A');
  });
});

test.describe('when the credentials are wrong', () => {
  test.use({ backend: 'aws', own: { env: { AWS_SECRET_ACCESS_KEY: 'wrong' } } });

  test('each page says that an Admin must check them', async ({ page, site, guard }) => {
    guard.expectsStatus(502);
    for (const path of [site.path(), site.path('/0a1b'), site.path('/0a1b/users')]) {
      const response = await page.goto(path);
      expect(response?.status()).toBe(502);
      await expect(page.getByRole('alert')).toContainText(
        'The server’s AWS credentials were not accepted',
      );
    }
    await page.goto('/');
    await expect(heading(page, 'Overview')).toBeVisible();
    await expect(main(page)).toContainText('The server’s AWS credentials were not accepted');
  });

  test('a form keeps what was typed', async ({ page, open, site }) => {
    await open(site.creating);
    await field(page, 'Name').fill('Not sent');
    await button(page, 'Create AppInstance').click();
    await expect(summary(page)).toContainText('credentials were not accepted');
    await expect(field(page, 'Name')).toHaveValue('Not sent');
  });
});

for (const backend of ['embedded', 'aws'] as const) {
  test.describe(`when the server is killed, on the backend ${backend}`, () => {
    test.use({ backend, own: {} });

    test('what was answered is still there, and so is the session', async ({
      page,
      open,
      site,
    }) => {
      await open(site.creating);
      await field(page, 'Name').fill('Made before the end');
      await button(page, 'Create AppInstance').click();
      await expect(flash(page, 'AppInstance created')).toBeVisible();
      const made = page.url();
      await site.killAndRestart();

      await page.goto(made);
      await expect(heading(page, 'Made before the end')).toBeVisible();
      await open(`${new URL(made).pathname}/activity`);
      await expect(page.getByRole('region', { name: 'Activity' })).toContainText('By admin');
    });
  });
}

test.describe('somebody who guesses passwords', () => {
  test.use({ own: {}, signedIn: false });

  test('is slowed down, and wrong names look like wrong passwords', async ({ page, open }) => {
    await open('/sign-in');
    const attempt = async (name: string, password: string) => {
      await page.getByLabel('Username').fill(name);
      await page.getByLabel('Password').fill(password);
      await button(page, 'Sign in').click();
    };
    await attempt('admin', 'wrong');
    await expect(summary(page)).toContainText('Username or password is not right');
    const told = await summary(page).textContent();
    await attempt('nobody', PASSWORD);
    await expect(page.getByLabel('Username')).toHaveValue('nobody');
    expect(await summary(page).textContent()).toBe(told);
    await expect(page.getByLabel('Password')).toHaveValue('');

    // A few more, and even the right password has to wait.
    for (let at = 0; at < 8; at += 1) {
      await attempt('admin', 'wrong');
    }
    await attempt('admin', PASSWORD);
    await expect(summary(page)).toContainText('Too many attempts');
    await expect(summary(page)).toContainText(/Wait \d+ s/);
  });
});

test.describe('the set-up link', () => {
  test.use({ own: { withOperator: false }, signedIn: false });

  test('works once', async ({ page, site, guard }) => {
    guard.expectsStatus(410);
    const link = await site.setupLink();
    for (const works of [true, false]) {
      await page.context().clearCookies();
      await page.goto(link);
      if (works) {
        await page.getByLabel('New password').fill(PASSWORD);
        await button(page, 'Create operator').click();
        await expect(heading(page, 'Overview')).toBeVisible();
      } else {
        await expect(page.getByRole('alert').first()).toContainText('This link was used already');
      }
    }
  });
});
