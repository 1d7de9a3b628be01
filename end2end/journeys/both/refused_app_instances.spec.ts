// Values of an AppInstance that are refused: what was typed stays, each field says its own sentence,
// and AWS is not asked.
import { expect, test } from '../../support/fixtures';
import {
  button,
  expectProblem,
  expectRefused,
  field,
  fillTag,
  heading,
  main,
  summary,
} from '../../support/parts';

test.use({ backend: 'aws' });

const KEY = 'Key';

test('a name and metadata that are too long or empty are refused beside their fields', async ({
  page,
  open,
  site,
  scripts,
}) => {
  const before = await site.emulator?.calls('CreateAppInstance');
  await open(site.creating);
  const name = field(page, 'Name');
  const metadata = field(page, 'Metadata');
  const send = async () => button(page, 'Create AppInstance').click();

  await send();
  await expectRefused(page, scripts, 'Name: Enter a value.');
  await expectProblem(name, 'Enter a value.');

  await name.fill('   ');
  await send();
  await expectProblem(name, 'Enter at least one character that is not a space.');

  const long = 'ö'.repeat(257);
  const heavy = 'ä'.repeat(512) + 'b';
  await name.fill(long);
  await metadata.fill(heavy);
  await send();
  await expectRefused(page, scripts, '2 fields need a change');
  await expectProblem(name, 'Use at most 256 characters; this has 257.');
  await expectProblem(metadata, 'Use at most 1024 bytes; this has 1025.');
  await expect(name).toHaveValue(long);
  await expect(metadata).toHaveValue(heavy);
  await expect(main(page).getByText('1025 / 1024')).toBeVisible();

  // A link of the box leads to its field.
  await summary(page).getByRole('link', { name: /^Metadata:/ }).click();
  await expect(metadata).toBeFocused();
  expect(await site.emulator?.calls('CreateAppInstance')).toBe(before);

  await metadata.fill('ä'.repeat(512));
  await name.fill('ö'.repeat(256));
  await send();
  await expect(heading(page, 'ö'.repeat(256))).toBeVisible();
  await expect(main(page).getByText('Text, 1024 of 1,024 bytes')).toBeVisible();
});

test('an empty value, a key that is there twice and a reserved key are refused', async ({
  page,
  open,
  site,
  scripts,
}) => {
  await open(site.creating);
  await field(page, 'Name').fill('Tagged');
  for (const at of [0, 1]) {
    await button(page, 'Add tag').click();
    await expect(page.getByLabel(KEY, { exact: true })).toHaveCount(at + 1);
  }
  const send = async () => button(page, 'Create AppInstance').click();

  await fillTag(page, 0, 'team', 'a');
  await fillTag(page, 1, 'stage', '');
  await send();
  await expectRefused(page, scripts, 'Chime does not accept an empty tag value.');
  await expect(page.getByLabel(KEY, { exact: true }).nth(1)).toHaveValue('stage');

  await fillTag(page, 1, 'team', 'b');
  await send();
  await expectRefused(page, scripts, 'Each key can be used once.');

  await fillTag(page, 1, 'aws:team', 'b');
  await send();
  await expectRefused(page, scripts, 'reserved by AWS');
  await expect(page.getByRole('group', { name: 'Tags' })).toHaveAccessibleDescription(/reserved by AWS/);
  await expect(field(page, 'Name')).toHaveValue('Tagged');
});

test('a 51st tag is refused', async ({ page, open, site, scripts }) => {
  const tags: Record<string, string> = {};
  for (let at = 0; at < 50; at += 1) {
    tags[`tag_key[${at}]`] = `key-${at}`;
    tags[`tag_value[${at}]`] = `value-${at}`;
  }
  const instance = await site.makeInstance('Many tags', tags);
  await open(`${instance}/tags`);
  const keys = page.getByLabel(KEY, { exact: true });
  await expect(keys).toHaveCount(50);
  await expect(main(page).getByText('0 more possible')).toBeVisible();

  await button(page, 'Add tag').click();
  if (scripts) {
    await fillTag(page, 50, 'one', 'too many');
    await button(page, 'Save tags').click();
    await expectRefused(page, scripts, 'at most 50 tags; this would make 51');
  } else {
    await expect(keys).toHaveCount(50);
  }
});

test('retention that is no number of days is refused', async ({ page, open, site, scripts }) => {
  const instance = await site.makeInstance('Kept');
  const before = await site.emulator?.calls('PutAppInstanceRetentionSettings');
  await open(`${instance}/retention`);
  const days = field(page, 'Retention days');
  for (const wrong of ['0', '5476', 'abc', '1.5', '-1']) {
    await days.fill(wrong);
    await button(page, 'Save retention').click();
    await expectRefused(page, scripts, 'Enter a whole number from 1 to 5475.');
    await expectProblem(days, 'Enter a whole number from 1 to 5475.');
    await expect(days).toHaveValue(wrong);
  }
  expect(await site.emulator?.calls('PutAppInstanceRetentionSettings')).toBe(before);
});

test('an ARN that leads nowhere says why', async ({ page, open, site }) => {
  const arn = 'arn:aws:chime:us-east-1:123456789012:app-instance/0a1b';
  for (const [typed, sentence] of [
    [arn.replace('123456789012', '210987654321'), 'This ARN belongs to another account.'],
    [arn.replace('us-east-1', 'us-west-2'), 'This ARN belongs to another Region.'],
    ['arn:aws:lambda:us-east-1:123456789012:function:x', 'This is not the ARN of'],
    [`${arn}/channel/1`, 'This is not the ARN of'],
    ['arn:aws:chime:us-east-1', 'This ARN is cut off.'],
  ]) {
    await open(`/go?arn=${encodeURIComponent(typed)}`);
    const box = field(page, 'Name, ID or ARN');
    await expect(box).toHaveValue(typed);
    await expectProblem(box, sentence);
  }
});
