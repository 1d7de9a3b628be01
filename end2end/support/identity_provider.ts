// A provider of identities on this machine: `oidc-provider`, a certified implementation that nobody
// here wrote, with one client, three people, and a page to sign in on.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';

import Provider from 'oidc-provider';

const CLIENT = 'carillon';
const SECRET = 'a secret of these tests alone';
/** Its name in the configuration of the dashboard, and what people read. */
const ID = 'acme';
export const LABEL = 'Acme';

/** The people and their groups. */
const PEOPLE: Record<string, string[]> = {
  ada: ['staff', 'chime-admins'],
  vera: ['support'],
  noel: ['staff'],
};

/** A running provider. */
export class IdentityProvider {
  private constructor(
    private readonly server: Server,
    private readonly provider: Provider,
    readonly issuer: string,
  ) {}

  static async start(): Promise<IdentityProvider> {
    const server = createServer();
    const host = await listen(server);
    const issuer = `http://${host}:${(server.address() as AddressInfo).port}`;
    const provider = new Provider(issuer, configuration());
    const started = new IdentityProvider(server, provider, issuer);
    server.on('request', (request, response) => {
      started.answer(request, response).catch((error) => {
        response.statusCode = 500;
        response.end(String(error));
      });
    });
    return started;
  }

  /** The options of a dashboard that knows it; the files are written into the folder. */
  async options(folder: string): Promise<string[]> {
    const [file, secret] = [join(folder, 'providers.toml'), join(folder, 'client-secret')];
    await writeFile(secret, SECRET, { mode: 0o600 });
    const lines = [
      '[[provider]]',
      `id = "${ID}"`,
      `label = "${LABEL}"`,
      `issuer = "${this.issuer}"`,
      `client_id = "${CLIENT}"`,
      `client_secret_file = "${secret}"`,
      'scopes = ["profile", "groups"]',
      // A busy machine is slow.
      'timeout_seconds = 10',
      '[provider.roles]',
      'chime-admins = "Admin"',
      'support = "Viewer"',
    ];
    await writeFile(file, lines.join('\n'));
    return ['--oidc-config', file];
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Its own page to sign in on; all else is the library's. */
  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!request.url?.startsWith('/people/')) {
      await this.provider.callback()(request, response);
      return;
    }
    if (request.method === 'GET') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(page());
      return;
    }
    const person = new URLSearchParams(await text(request)).get('person') ?? '';
    // Native clients need a consent each time; it is given with the sign-in.
    const result = PEOPLE[person]
      ? { login: { accountId: person, remember: false }, consent: {} }
      : { error: 'access_denied', error_description: '<b>words of the provider</b>' };
    await this.provider.interactionFinished(request, response, result);
  }
}

/** On an address that is another site than the dashboard's, where this machine has one. */
async function listen(server: Server): Promise<string> {
  for (const [address, host] of [
    ['::1', '[::1]'],
    ['127.0.0.1', '127.0.0.1'],
  ]) {
    const listening = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(0, address, () => resolve(true));
    });
    if (listening) {
      return host;
    }
  }
  throw new Error('the identity provider cannot listen on this machine');
}

function configuration() {
  return {
    clients: [
      {
        client_id: CLIENT,
        client_secret: SECRET,
        // Of a native client the port of a loopback address does not count.
        application_type: 'native',
        redirect_uris: [`http://127.0.0.1/sign-in/oidc/${ID}/callback`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    scopes: ['openid', 'profile', 'groups'],
    claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
    cookies: { keys: ['a key of these tests alone'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/people/${uid}` },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, groups: PEOPLE[id] }),
    }),
    // Everything that is asked for is granted, so that there is one page and not two.
    loadExistingGrant: async ({ oidc }: any) => {
      const { clientId } = oidc.client;
      const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid profile groups');
      await grant.save();
      return grant;
    },
  } as any;
}

function page(): string {
  const buttons = [...Object.keys(PEOPLE), 'cancel'].map(
    (person) => `<button name="person" value="${person}">${person}</button>`,
  );
  return `<!DOCTYPE html><html lang="en"><head><title>Acme</title><link rel="icon" href="data:,"></head>
    <body><h1>Who are you?</h1><form method="post">${buttons.join(' ')}</form></body></html>`;
}

async function text(request: IncomingMessage): Promise<string> {
  let all = '';
  for await (const chunk of request) {
    all += chunk;
  }
  return all;
}
