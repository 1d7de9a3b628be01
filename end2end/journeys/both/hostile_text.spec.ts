// Markup and formulas in names, metadata and tags are text on every page that shows them.
import { expect, test } from '../../support/fixtures';
import { button, field, heading, main } from '../../support/parts';

const MARKUP = '</textarea><script>window.broken = true</script><img src=x onerror="window.broken = true">';
const FORMULA = '=cmd|"/C calc"!A1';

for (const text of [MARKUP, FORMULA]) {
  test(`${text.slice(0, 11)}… is text everywhere`, async ({ page, open, site, scripts }) => {
    const instance = await site.makeInstance(text, {
      metadata: text,
      'tag_key[0]': text.slice(0, 100),
      'tag_value[0]': text,
    });
    const user = await site.makeUser(instance, 'u-1', text.slice(0, 100), { metadata: text });

    await open(instance);
    await expect(heading(page, text)).toBeVisible();
    await expect(main(page).getByText(text, { exact: true }).first()).toBeVisible();
    await open(`${instance}?code=cli`);
    await expect(page.getByRole('complementary', { name: 'As code' })).toBeVisible();

    await open(`${instance}/edit?code=python`);
    await expect(heading(page, `Edit AppInstance ${text}`)).toBeVisible();
    await expect(field(page, 'Name')).toHaveValue(text);
    await expect(field(page, 'Metadata')).toHaveValue(text);
    // Saved as it is, with a message that names it.
    await button(page, 'Save changes').click();
    await expect(heading(page, text)).toBeVisible();
    await expect(page.getByRole('status').filter({ hasText: text })).toBeVisible();
    // Refused, it comes back as it was typed.
    await open(`${instance}/edit`);
    await field(page, 'Name').fill(text.repeat(4).slice(0, 300));
    await field(page, 'Metadata').fill(`${text}${'x'.repeat(1024)}`);
    await button(page, 'Save changes').click();
    await expect(field(page, 'Metadata')).toHaveAttribute('aria-invalid', 'true');
    await expect(field(page, 'Metadata')).toHaveValue(`${text}${'x'.repeat(1024)}`);

    await open(`${instance}/tags`);
    await expect(page.getByLabel('Value', { exact: true })).toHaveValue(text);
    for (const path of ['/delete', '/retention', '/activity', '/users', '/create-user', '/admins']) {
      await open(instance + path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    }
    await open(site.path());
    await expect(main(page).getByRole('link', { name: text, exact: true })).toBeVisible();
    await open(`${site.path()}?q=${encodeURIComponent(text)}`);
    await expect(page.getByRole('searchbox', { name: /^Search this page/ })).toHaveValue(text);
    await open(`${user}/edit`);
    await expect(field(page, 'Metadata')).toHaveValue(text);
    await open(`/go?arn=${encodeURIComponent(text)}`);
    await expect(field(page, 'Name, ID or ARN')).toHaveValue(text);
    await open('/audit');
    await expect(heading(page, 'Audit log')).toBeVisible();
    await open('/');
    await expect(heading(page, 'Overview')).toBeVisible();

    if (scripts) {
      expect(await page.evaluate(() => 'broken' in window)).toBe(false);
    }
    await expect(page.locator('img[src="x"]')).toHaveCount(0);
  });
}
