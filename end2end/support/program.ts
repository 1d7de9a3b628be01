// Starts `carillon` with a command, waits for the line that says where it listens, and ends it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How long a start may take; a debug build on a busy machine is slow. */
const START_MS = 20_000;

/** An empty folder that is gone when the tests are. */
export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'carillon-journeys-'));
}

/** Removes a folder of `temporaryFolder`. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Runs `carillon` with a command that ends by itself; gives what it prints. */
export async function run(args: string[], input = ''): Promise<string> {
  const child = spawn(binary(), args, { env: { PATH: process.env.PATH ?? '' } });
  let said = '';
  let log = '';
  child.stdout.on('data', (data) => (said += String(data)));
  child.stderr.on('data', (data) => (log += String(data)));
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) {
    throw new Error(`carillon ${args.join(' ')}: ${log}`);
  }
  return said.trim();
}

function binary(): string {
  const { CARILLON_BIN } = process.env;
  if (!CARILLON_BIN) {
    throw new Error('CARILLON_BIN must name the binary');
  }
  return CARILLON_BIN;
}

/** A running `carillon`. */
export class Program {
  private readonly lines: string[] = [];
  private log = '';

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (data) => this.lines.push(...String(data).split('\n')));
    child.stderr?.on('data', (data) => {
      this.log += String(data);
    });
  }

  /** Starts it and waits for a line of its output; gives what the pattern's group finds. */
  static async start(
    args: string[],
    env: Record<string, string>,
    ready: RegExp,
  ): Promise<[Program, string]> {
    // Nothing of the environment that runs the tests: no proxy, no AWS profile.
    const child = spawn(binary(), args, {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const program = new Program(child);
    return [program, await program.said(ready)];
  }

  /** Waits until it has printed a line, and gives what the pattern's group finds in it. */
  async said(pattern: RegExp): Promise<string> {
    const until = Date.now() + START_MS;
    for (;;) {
      const found = this.lines.map((line) => pattern.exec(line)).find((match) => match);
      if (found) {
        return found[1] ?? '';
      }
      if (this.child.exitCode !== null || Date.now() > until) {
        throw new Error(`carillon did not print ${pattern}; it logged:\n${this.log}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends it: politely, or as a machine does that runs out of memory. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) {
      return;
    }
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill(signal);
    await ended;
  }
}
