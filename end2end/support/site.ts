// A dashboard to test: `carillon serve` on a free port with a folder of its own.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { CREDENTIALS, Emulator } from './emulator';
import { Program, removeFolder, run, temporaryFolder } from './program';

/** Where the dashboard sends its calls. */
export type Backend = 'embedded' | 'aws';
export const BACKENDS: Backend[] = ['embedded', 'aws'];

/** Of the first operator, `admin`. */
export const PASSWORD = 'seven bells for the late watch';
/** The session cookie over plain HTTP to this machine. */
export const COOKIE = '__Host-carillon';

export interface SiteOptions {
  backend: Backend;
  /** Whether the first operator is there; else a set-up link is printed. */
  withOperator?: boolean;
  /** Further options of `carillon serve`. */
  options?: string[];
  /** Further environment. */
  env?: Record<string, string>;
}

/** A running dashboard. */
export class Site {
  private readonly cookies: Record<string, { value: string; since: number }> = {};

  private constructor(
    private program: Program,
    private readonly args: string[],
    private readonly env: Record<string, string>,
    private readonly folder: string,
    readonly backend: Backend,
    /** Set when calls go to an emulator of its own. */
    readonly emulator: Emulator | undefined,
    public url: string,
  ) {}

  static async start(wanted: SiteOptions): Promise<Site> {
    const { backend, withOperator = true, options = [], env = {} } = wanted;
    const folder = await temporaryFolder();
    const emulator = backend === 'aws' ? await Emulator.start() : undefined;
    const args = ['serve', '--listen', '127.0.0.1:0', '--data-dir', join(folder, 'data')];
    // The port is another at each start, and with it the name would be.
    args.push('--cookie-name', 'carillon');
    if (emulator) {
      args.push('--backend', 'aws', '--endpoint-url', emulator.url);
    }
    if (withOperator) {
      const file = join(folder, 'password');
      await writeFile(file, PASSWORD, { mode: 0o600 });
      args.push('--admin-password-file', file);
    }
    // Journeys sign in more often than people, and all from one address.
    args.push('--sign-in-limit', '100000', ...options);
    const environment = emulator ? { ...CREDENTIALS, HOME: folder, ...env } : { HOME: folder, ...env };
    const [program, url] = await Program.start(args, environment, READY);
    return new Site(program, args, environment, folder, backend, emulator, url);
  }

  /** The link that makes the first operator. */
  async setupLink(): Promise<string> {
    return this.program.said(/set up the first operator at (\S+)/);
  }

  /** Ends the server as SIGKILL does, and starts it again with the same data and port. */
  async killAndRestart(): Promise<void> {
    await this.program.stop('SIGKILL');
    const args = [...this.args];
    args[args.indexOf('--listen') + 1] = new URL(this.url).host;
    [this.program, this.url] = await Program.start(args, this.env, READY);
  }

  /** The page of a path below the connection and Region. */
  path(rest = ''): string {
    return `/${this.backend}/us-east-1/app-instances${rest}`;
  }

  /** The page that creates an AppInstance. */
  get creating(): string {
    return `/${this.backend}/us-east-1/create-app-instance`;
  }

  /** The value of a session cookie of `admin`, who signs in once for each use. What `make` does
   * has a session of its own, or its messages would be on the next page that a test opens. */
  async session(use: 'browser' | 'make' = 'browser'): Promise<string> {
    // Writes in production ask for a proof that is younger than 15 minutes.
    if (!this.cookies[use] || Date.now() - this.cookies[use].since > 600_000) {
      this.cookies[use] = { value: await this.signIn('admin'), since: Date.now() };
    }
    return this.cookies[use].value;
  }

  /** What a test needs but is not about: done through the server function of the form. Gives the
   * address of what was made. */
  async make(action: string, fields: Record<string, string>): Promise<string> {
    const response = await this.post(action, fields, await this.session('make'));
    return ((await response.json()) as { location: string }).location;
  }

  /** An AppInstance; gives its address. */
  async makeInstance(name: string, fields: Record<string, string> = {}): Promise<string> {
    return this.make('app-instances/create', {
      scope: `${this.backend}/us-east-1`,
      token: crypto.randomUUID(),
      name,
      metadata: '',
      ...fields,
    });
  }

  /** A user of an AppInstance; gives its address. */
  async makeUser(
    instance: string,
    id: string,
    name: string,
    fields: Record<string, string> = {},
  ): Promise<string> {
    return this.make('users/create', {
      target: targetOf(instance),
      token: crypto.randomUUID(),
      user_id: id,
      name,
      metadata: '',
      ...fields,
    });
  }

  /** Adds an operator whose role covers only what the limits name, if there are some, and signs them
   * in; gives the value of their session cookie. */
  async addOperator(name: string, role: string, limits: string[] = []): Promise<string> {
    const scope = limits.flatMap((limit) => ['--scope', limit]);
    const where = ['--data-dir', join(this.folder, 'data')];
    await run(['operator', 'add', name, '--role', role, ...scope, ...where], PASSWORD);
    return this.signIn(name);
  }

  /** The number of an entry of the audit log about a resource. */
  async entryOf(arn: string): Promise<string> {
    const log = await this.read(`/audit/export.jsonl?resource=${encodeURIComponent(arn)}`);
    return String((JSON.parse(log.split('\n')[0]) as { row: number }).row);
  }

  /** The id of an operator, `admin`. */
  async operatorId(): Promise<string> {
    const list = await this.read('/operators');
    return /href="\/operators\/([^"/]+)" title="admin"/.exec(list)?.[1] ?? '';
  }

  /** What a page is to somebody, as text; `admin` unless a session says who. */
  async read(path: string, session?: string): Promise<string> {
    const cookie = `${COOKIE}=${session ?? (await this.session('make'))}`;
    const response = await fetch(`${this.url}${path}`, { headers: { cookie, accept: 'text/html' } });
    return response.text();
  }

  private async signIn(username: string): Promise<string> {
    const response = await this.post('session/sign-in', { username, password: PASSWORD, next: '' });
    const set = response.headers.getSetCookie().find((text) => text.startsWith(`${COOKIE}=`));
    return set?.split(';')[0].slice(COOKIE.length + 1) ?? '';
  }

  private async post(
    action: string,
    fields: Record<string, string>,
    cookie?: string,
  ): Promise<Response> {
    const response = await fetch(`${this.url}/api/${action}`, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        origin: this.url,
        ...(cookie && { cookie: `${COOKIE}=${cookie}` }),
      },
      body: new URLSearchParams(fields),
    });
    if (!response.ok) {
      throw new Error(`${action}: ${response.status} ${await response.text()}`);
    }
    return response;
  }

  async stop(): Promise<void> {
    await this.program.stop();
    await this.emulator?.stop();
    await removeFolder(this.folder);
  }
}

const READY = /dashboard ready at (\S+)/;

/** The ARN of an address of an AppInstance, user or bot. */
export function arnOf(path: string): string {
  const [, , region, , instance, kind, id] = path.split('/').map(decodeURIComponent);
  const arn = `arn:aws:chime:${region}:${ACCOUNT}:app-instance/${instance}`;
  return id ? `${arn}/${kind === 'bots' ? 'bot' : 'user'}/${id}` : arn;
}

/** What a form holds that acts on something: the connection and the ARN of an address. */
export function targetOf(path: string): string {
  return `${path.split('/')[1]} ${arnOf(path)}`;
}

/** The account of the emulator, embedded or alone. */
export const ACCOUNT = '123456789012';
