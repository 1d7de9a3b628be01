// `carillon emulate`, and what a test asks of it under `/_emulator/`.
import { Program, removeFolder, temporaryFolder } from './program';

/** Something that goes wrong on purpose. */
export interface Fault {
  operation: string;
  kind: 'error' | 'reset' | 'hang';
  code?: string;
  times?: number;
  after_commit?: boolean;
}

/** The key pair that requests must be signed with, as variables of the environment. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
};

/** A running emulator. */
export class Emulator {
  private constructor(
    private readonly program: Program,
    private readonly folder: string,
    readonly url: string,
  ) {}

  static async start(): Promise<Emulator> {
    const folder = await temporaryFolder();
    const args = ['emulate', '--listen', '127.0.0.1:0', '--data-dir', folder];
    const [program, url] = await Program.start(args, {}, /emulator ready at (\S+)/);
    return new Emulator(program, folder, url);
  }

  /** From now on these go wrong, and nothing else. */
  async fail(...faults: Fault[]): Promise<void> {
    await this.set({ faults });
  }

  /** How long every call waits before it is served. */
  async wait(milliseconds: number): Promise<void> {
    await this.set({ latency_ms: milliseconds });
  }

  /** Changes what is in force: RFC 7396. */
  async set(settings: object): Promise<void> {
    await this.ask('PUT', 'settings', settings);
  }

  /** Makes users `user-000001`, `user-000002` and so on in an AppInstance. */
  async seedUsers(arn: string, users: number): Promise<void> {
    await this.ask('POST', 'seed', { app_instance_arn: arn, users });
  }

  /** Moves its clock: what is made from now on was made then. */
  async setClock(offsetSeconds: number): Promise<void> {
    await this.ask('PUT', 'clock', { offset_seconds: offsetSeconds });
  }

  /** Everything works again, and at once. */
  async recover(): Promise<void> {
    await this.set({ faults: [], latency_ms: 0, quotas: null });
    await this.setClock(0);
  }

  /** How often an operation was called. */
  async calls(operation: string): Promise<number> {
    const stats = (await (await this.ask('GET', 'stats')).json()) as {
      operations: Record<string, { requests: number }>;
    };
    return stats.operations[operation]?.requests ?? 0;
  }

  private async ask(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(`${this.url}/_emulator/${path}`, {
      method,
      body: body && JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return response;
  }

  async stop(): Promise<void> {
    await this.program.stop();
    await removeFolder(this.folder);
  }
}
