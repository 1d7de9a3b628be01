// Values of users, endpoints, bots and admins that are refused: what was typed stays, each field
// says its own sentence.
import { expect, test } from '../../support/fixtures';
import {
  button,
  choice,
  expectProblem,
  expectRefused,
  field,
  heading,
  main,
  summary,
} from '../../support/parts';
import { lexArn } from '../../support/bot_journey';
import { ACCOUNT, arnOf, targetOf } from '../../support/site';
import { pinpointArn } from '../../support/user_journey';

test.use({ backend: 'aws' });

test('each wrong user ID has its own sentence', async ({ page, open, site, scripts }) => {
  const instance = await site.makeInstance('Ids');
  const before = await site.emulator?.calls('CreateAppInstanceUser');
  await open(`${instance}/create-user`);
  const id = field(page, 'User ID');
  await field(page, 'Name').fill('Somebody');
  for (const [typed, sentence] of [
    ['', 'Enter a value.'],
    ['a/b', 'A user ID cannot contain “/”.'],
    ['.a', 'A user ID starts with a letter or a digit.'],
    ['a.', 'A user ID ends with a letter or a digit.'],
    ['a+b', 'A user ID cannot contain “+”.'],
    ['é', 'A user ID cannot contain “é”.'],
    ['x'.repeat(65), 'Use at most 64 characters; this has 65.'],
  ]) {
    await id.fill(typed);
    await button(page, 'Create AppInstanceUser').click();
    await expectRefused(page, scripts, sentence);
    await expectProblem(id, sentence);
    await expect(id).toHaveValue(typed);
    await expect(field(page, 'Name')).toHaveValue('Somebody');
  }
  expect(await site.emulator?.calls('CreateAppInstanceUser')).toBe(before);
});

test('an ID that is taken leads to the user that has it', async ({ page, open, site, scripts }) => {
  const instance = await site.makeInstance('Twice');
  await site.makeUser(instance, 'us-east-1:one@example.com', 'The first');
  await open(`${instance}/create-user`);
  await field(page, 'User ID').fill('us-east-1:one@example.com');
  await field(page, 'Name').fill('The second');
  await button(page, 'Create AppInstanceUser').click();

  await expectRefused(page, scripts, 'This ID is already taken in this AppInstance.');
  await expect(field(page, 'Name')).toHaveValue('The second');
  await main(page).getByRole('link', { name: 'Open the existing one' }).click();
  await expect(heading(page, 'The first')).toBeVisible();
});

test('an expiration that is no number of days, or past, is refused', async ({
  page,
  open,
  site,
  scripts,
}) => {
  const instance = await site.makeInstance('Expiring');
  const hundredDays = 100 * 24 * 3600;
  await site.emulator?.setClock(-hundredDays);
  const user = await site.makeUser(instance, 'old-hand', 'Old hand');
  await site.emulator?.setClock(0);
  const before = await site.emulator?.calls('PutAppInstanceUserExpirationSettings');
  await open(`${user}/expiration`);
  const days = field(page, 'Expire after (days)');
  const confirm = field(page, 'Type the user ID to confirm');
  const save = async () => button(page, 'Save expiration').click();

  for (const wrong of ['0', '5476']) {
    await days.fill(wrong);
    await save();
    await expectProblem(days, 'Enter a whole number from 1 to 5475.');
    await expect(days).toHaveValue(wrong);
  }

  // A user of a hundred days that expires after thirty is deleted within hours.
  await days.fill('30');
  await save();
  await expectRefused(page, scripts, 'Type the user ID to confirm');
  await expect(main(page).getByText('The user is deleted within hours')).toBeVisible();
  await expect(days).toHaveValue('30');
  await confirm.fill('somebody-else');
  await save();
  await expectProblem(confirm, 'Type it as it is written there.');
  expect(await site.emulator?.calls('PutAppInstanceUserExpirationSettings')).toBe(before);

  await days.fill('200');
  await save();
  await expect(main(page).getByText(/^Expires in/)).toBeVisible();
});

test('what an endpoint cannot be is said beside each field', async ({
  page,
  open,
  site,
  scripts,
}) => {
  const instance = await site.makeInstance('Devices');
  const user = await site.makeUser(instance, 'u-1', 'One');
  await open(`${user}/register-endpoint`);
  const arn = field(page, 'Resource ARN');
  const token = field(page, 'Device token');
  const voip = field(page, 'VoIP device token');
  const send = async () => button(page, 'Register endpoint').click();
  await choice(page, 'Type', 'GCM').check();
  await field(page, 'Name').fill('Phone');
  await token.fill('token-1');

  for (const [typed, sentence] of [
    [pinpointArn('210987654321'), 'This ARN belongs to another account.'],
    [pinpointArn(ACCOUNT, 'eu-central-1'), 'This ARN belongs to another Region.'],
    ['arn:aws:s3:::bucket', 'This is not the ARN of'],
  ]) {
    await arn.fill(typed);
    await send();
    await expectRefused(page, scripts, sentence);
    await expectProblem(arn, sentence);
    await expect(arn).toHaveValue(typed);
    await expect(token).toHaveValue('token-1');
    await expect(choice(page, 'Type', 'GCM')).toBeChecked();
  }

  await arn.fill(pinpointArn(ACCOUNT));
  await voip.fill('voip-1');
  await send();
  await expectProblem(voip, 'A VoIP token is for APNS and APNS_SANDBOX only.');
  await expect(voip).toHaveValue('voip-1');

  await voip.fill('');
  await send();
  await expect(heading(page, 'Phone')).toBeVisible();

  await open(`${user}/register-endpoint`);
  await choice(page, 'Type', 'GCM').check();
  await arn.fill(pinpointArn(ACCOUNT));
  await token.fill('token-1');
  await send();
  await expectProblem(token, 'This device token is already registered.');
  await expect(token).toHaveValue('token-1');
});

test('the 11th endpoint meets the quota', async ({ page, open, site, scripts }) => {
  const instance = await site.makeInstance('Ten devices');
  const user = await site.makeUser(instance, 'u-1', 'One');
  for (let at = 0; at < 10; at += 1) {
    await site.make('endpoints/register', {
      target: targetOf(user),
      token: crypto.randomUUID(),
      kind: 'APNS',
      resource_arn: pinpointArn(ACCOUNT),
      device_token: `token-${at}`,
      name: `Device ${at}`,
      allow_messages: 'ALL',
    });
  }
  await open(`${user}/register-endpoint`);
  await choice(page, 'Type', 'APNS').check();
  await field(page, 'Resource ARN').fill(pinpointArn(ACCOUNT));
  await field(page, 'Device token').fill('token-11');
  await button(page, 'Register endpoint').click();

  await expectRefused(page, scripts, 'Quota reached');
  await expect(summary(page)).toContainText('A user can have ten endpoints');
  await expect(field(page, 'Device token')).toHaveValue('token-11');
});

test('what a bot cannot be is said beside each field', async ({ page, open, site, scripts }) => {
  const instance = await site.makeInstance('Bots');
  await open(`${instance}/create-bot`);
  const alias = field(page, 'Lex bot alias ARN');
  const send = async () => button(page, 'Create AppInstanceBot').click();
  await field(page, 'Locale ID').fill('english');
  await field(page, 'Welcome intent').fill('Greet 1');
  await alias.fill('arn:aws:lex:us-east-1:123456789012:bot/ABCDEFGHIJ');
  await send();
  await expectRefused(page, scripts, '3 fields need a change');
  await expectProblem(alias, 'Enter a Lex V2 bot alias');
  await expectProblem(field(page, 'Locale ID'), 'Enter a Lex V2 locale');
  await expectProblem(field(page, 'Welcome intent'), 'letters and single underscores only');

  for (const [typed, sentence] of [
    [lexArn('210987654321'), 'This ARN belongs to another account.'],
    [lexArn(ACCOUNT, 'eu-central-1'), 'This ARN belongs to another Region.'],
  ]) {
    await alias.fill(typed);
    await send();
    await expectProblem(alias, sentence);
    await expect(alias).toHaveValue(typed);
  }
});

test('only a member of the same AppInstance becomes an admin', async ({ page, open, site, scripts, guard }) => {
  const instance = await site.makeInstance('Admins');
  const other = await site.makeInstance('Another');
  const stranger = await site.makeUser(other, 'stranger', 'A stranger');
  await open(`${instance}/admins/add`);
  const member = field(page, 'ID or ARN');
  const send = async () => button(page, 'Promote to admin').click();
  await member.fill(arnOf(stranger));
  await send();
  await expectRefused(page, scripts, 'This user or bot belongs to another AppInstance.');
  await expectProblem(member, 'This user or bot belongs to another AppInstance.');

  await member.fill('nobody');
  await send();
  await expectRefused(page, scripts, 'the AppInstance may have no such user or bot');
  await expect(member).toHaveValue('nobody');

  // Demoting one who is no admin.
  await site.makeUser(instance, 'plain', 'Plain user');
  guard.expectsStatus(404);
  await page.goto(`${instance}/admins/user/plain/remove`);
  await expect(main(page).getByRole('heading', { name: 'Not an admin' })).toBeVisible();
});
