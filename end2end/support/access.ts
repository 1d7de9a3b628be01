// The table of docs/access.md: every page, and what each role gets of every address. Tests that walk
// through it cannot forget a page: the server's own tests fail when one is missing there.
import { readFileSync } from 'node:fs';

import { furnish } from './furnished';
import { arnOf, type Site } from './site';

export const ROLES = ['Viewer', 'Operator', 'Admin'] as const;
export type Role = (typeof ROLES)[number];

/** A line of the table. */
export interface Row {
  method: string;
  /** With its placeholders: `/operators/{id}`. */
  path: string;
  kind: string;
  /** The status that each role gets. */
  answers: Record<Role, number>;
}

export const ROWS: Row[] = readFileSync(new URL('../../docs/access.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const [method, path] = cells[1].replaceAll('`', '').split(' ');
    const [Viewer, Operator, Admin] = cells.slice(4, 7).map(Number);
    return { method, path, kind: cells[2], answers: { Viewer, Operator, Admin } };
  });

/** What only somebody has who uploaded a file; `both/import.spec.ts` walks through it. */
const OF_A_FILE = ['{job}', '{import}'];

/** The pages for people who are signed in, without files, and those of a file that is imported. */
export const PAGES = ROWS.filter(
  ({ method, path, kind }) =>
    method === 'GET' &&
    kind === 'read' &&
    !path.includes('/export.') &&
    !path.endsWith('.csv') &&
    !OF_A_FILE.some((part) => path.includes(part)),
);

/** What an address answers to a role; an address that is none of ours is refused to nobody. */
export function answerOf(method: string, address: string, role: Role): number {
  const { pathname } = new URL(address, 'http://here');
  const row = ROWS.find((row) => row.method === method && pattern(row.path).test(pathname));
  return row?.answers[role] ?? 200;
}

function pattern(path: string): RegExp {
  const segments = path.split('/').map((segment) => {
    // `/operators/invite` is no operator.
    return segment.startsWith('{') ? '(?!invite$|create$|register$)[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${segments.join('/')}$`);
}

/** What can be planned for the rows of a list, where nobody can be demoted. */
const ACTS = [
  ['selected-endpoints', 'deregister'],
  ['selected-app-instances', 'tag'],
];

/** The address of a page of a furnished dashboard. */
export async function addressOf(site: Site, page: Row): Promise<string> {
  const { instance, user, bot, endpoint } = await furnish(site);
  const last = (path: string) => path.split('/').at(-1) ?? '';
  const values: Record<string, string> = {
    connection: site.backend,
    region: 'us-east-1',
    instance: last(instance),
    user: last(user),
    bot: last(bot),
    endpoint: last(endpoint),
    act: ACTS.find(([list]) => page.path.includes(`/${list}/`))?.[1] ?? 'demote',
    kind: 'user',
    member: last(user),
    entry: await site.entryOf(arnOf(instance)),
    id: await site.operatorId(),
  };
  return page.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (!values[name]) {
      throw new Error(`say here what {${name}} of ${page.path} is`);
    }
    return values[name];
  });
}
