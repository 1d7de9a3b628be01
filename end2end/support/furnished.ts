// A dashboard with something of every kind in it, and the addresses of all its pages.
import { lexArn } from './bot_journey';
import { ACCOUNT, arnOf, targetOf, type Site } from './site';
import { pinpointArn } from './user_journey';

/** A page: what it is called here, its address, and the status that it answers with. */
export interface Address {
  name: string;
  path: string;
  status?: number;
}

const furnished = new WeakMap<Site, Promise<Record<string, string>>>();

/** The addresses of what is in a dashboard; made when it is first asked for. */
export function furnish(site: Site): Promise<Record<string, string>> {
  const known = furnished.get(site) ?? make(site);
  furnished.set(site, known);
  return known;
}

async function make(site: Site): Promise<Record<string, string>> {
  const token = () => crypto.randomUUID();
  const tags = { 'tag_key[0]': 'stage', 'tag_value[0]': 'production' };
  const empty = await site.makeInstance('Nothing in it');
  const instance = await site.makeInstance('Northwind Care – production', {
    metadata: '{"owner":"care-platform","regions":["eu","us"],"hipaa":true}',
    ...tags,
  });
  await site.make('app-instances/retention/put', {
    target: targetOf(instance),
    retention_days: '365',
    confirm: 'Northwind Care – production',
  });
  const user = await site.makeUser(instance, 'us-east-1:mara@example.com', 'Mara O’Neill', {
    metadata: '{"team":"night"}',
    expiration_days: '5',
    ...tags,
  });
  await site.makeUser(instance, 'plain', 'Plain');
  const endpoint = await site.make('endpoints/register', {
    target: targetOf(user),
    token: token(),
    kind: 'APNS',
    resource_arn: pinpointArn(ACCOUNT),
    device_token: 'aa11bb22cc33dd44ee55ff66',
    voip_device_token: 'voip-0123456789',
    name: 'Tablet',
    allow_messages: 'NONE',
  });
  const bot = await site.make('bots/create', {
    target: targetOf(instance),
    token: token(),
    name: 'Concierge',
    metadata: '',
    lex_bot_alias_arn: lexArn(),
    locale_id: 'en_US',
    welcome_intent: 'Greet',
    standard_messages: 'AUTO',
    targeted_messages: 'ALL',
    ...tags,
  });
  for (const member of [arnOf(user), arnOf(bot)]) {
    await site.make('admins/create', { target: targetOf(instance), member, kind: '' });
  }
  return { empty, instance, user, endpoint, bot };
}

/** Pages in further states than `PAGES` of `access.ts` has, as templates for the addresses of `furnish`. */
export const STATES: Address[] = [
  { name: 'a search without a match', path: '{list}?q=nothing+like+it' },
  { name: 'an empty list of AppInstances', path: '{list-eu}' },
  { name: 'a forgotten page of a list', path: '{list}?page=forgotten', status: 422 },
  { name: 'an AppInstance as code', path: '{instance}?code=cli' },
  { name: 'an AppInstance with nothing in it', path: '{empty}' },
  { name: 'retention that is off', path: '{empty}/retention' },
  { name: 'users with all columns', path: '{instance}/users?cols=created&cols=expires&cols=admin&cols=endpoints' },
  { name: 'no users', path: '{empty}/users' },
  { name: 'no admins', path: '{empty}/admins' },
  { name: 'no bots', path: '{empty}/bots' },
  { name: 'an ARN that is none', path: '/go?arn=arn%3Anothing' },
  { name: 'an AppInstance that is not there', path: '{list}/0a1b2c', status: 403 },
  { name: 'an address without a page', path: '/no/such/page', status: 404 },
];

/** The address of a page of a furnished dashboard. */
export async function addressOf(site: Site, page: Address): Promise<string> {
  const paths: Record<string, string> = {
    ...(await furnish(site)),
    list: site.path(),
    creating: site.creating,
    'list-eu': site.path().replace('us-east-1', 'eu-central-1'),
  };
  return page.path.replace(/\{([a-z-]+)\}/g, (_, name: string) => paths[name]);
}
