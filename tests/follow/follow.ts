import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Change, Changes } from '../../schemas/rollbook/changes';
import type { SectionMonth } from '../../schemas/rollbook/history';
import type { Marks } from '../../schemas/rollbook/marks';
import { openClients } from '../../src/clients/clients';
import { secretsWith } from '../../src/clients/secrets';
import { openDatabase } from '../../src/database/open';
import { rollbook } from '../cli/process';
import { clientOf, PATIENCE } from '../crash/client';
import { type Random, randomFrom } from '../crash/random';
import { posts } from '../crash/requests/posts';
import { rolls } from '../crash/requests/rolls';
import { rsvps } from '../crash/requests/rsvps';
import { sets } from '../crash/requests/sets';
import { buildSchool, type School, SECRET } from '../crash/school';
import { type Service, startService } from '../crash/service';
import { within } from '../crash/within';
import { gapsIn } from '../feed/following';
import { settled } from '../settled';
import { type Ids, idsBetween, rowsOf, stepsFor } from './second';

export interface FollowOptions {
  /** The database of the first rollbook, which is empty. */
  readonly url: string;
  readonly folder: string;
  readonly seconds: number;
  readonly seed: number;
  /** How many clients write: eight, where nothing is said. */
  readonly writing?: number;
}

export interface Followed {
  readonly changes: number;
  readonly kills: number;
  /** Rows that both have in the end. */
  readonly rows: number;
  readonly faults: readonly string[];
}

/** How long the service lives between two kills at most, in milliseconds. */
const LIFE = 4_000;

/**
 * Fills a second rollbook from the first by nothing but a snapshot and the feed, while eight clients write, rolls are taken and
 * said not to be taken, and the service is killed again and again; then holds one against the other.
 */
export async function follow({ url, folder, seconds, seed, writing = 8 }: FollowOptions): Promise<Followed> {
  const random = randomFrom(seed);
  const school = await buildSchool(url);
  const state: Running = { service: await startService(url, 1), kills: 0 };
  const faults: string[] = [];
  const stop = new AbortController();
  const stamps = (
    (stamp) => () =>
      ++stamp
  )(0);
  const share = school.students.length / 8;
  const clients = [rolls, posts, rsvps, sets, rolls, posts, rsvps, sets].slice(0, writing).map((api, index) => {
    const students = Array.from({ length: share }, (_, student) => index * share + student);
    return clientOf(api, school, students, random.apart(), stamps);
  });
  const note = (error: Error) => faults.push(error.message);
  const writers = [
    ...clients.map((client) => goOn(stop.signal, () => client.write(state.service.url, stop.signal)).catch(note)),
    goOn(stop.signal, () => decide(state, school, random.apart())).catch(note),
  ];
  await pause(500); // so that the snapshot has something
  const second = `sqlite:${join(mkdtempSync(join(folder, 'second-')), 'rollbook.db')}`;
  const follower = await begin(url, second, folder, state, school);
  const followed = goOn(stop.signal, follower.readOn).catch(note);
  for (const end = Date.now() + seconds * 1_000; Date.now() < end; ) {
    await pause(random.between(LIFE / 8, LIFE));
    await within('The kill', state.service.kill());
    state.kills++;
    state.service = await within('The next start', startService(url, random.between(1, 2)));
  }
  stop.abort();
  await within('What was sent', Promise.all([...writers, followed]));
  await ended(url);
  while (await follower.readOn());
  await state.service.stop();
  await follower.close();
  const [one, other] = [await rowsOf(url), await rowsOf(second)];
  const missing = (from: readonly string[], rows: readonly string[]) => {
    const there = new Set(rows);
    return from.filter((row) => !there.has(row));
  };
  for (const row of missing(one, other).slice(0, 5)) faults.push(`The second one lacks: ${row}`);
  for (const row of missing(other, one).slice(0, 5)) faults.push(`Only the second one has: ${row}`);
  faults.push(...gapsIn(follower.changes, false).slice(0, 5));
  return { changes: follower.changes.length, kills: state.kills, rows: one.length, faults };
}

/** Until there is nothing that may not be read yet. */
async function ended(url: string): Promise<void> {
  const database = openDatabase(url);
  await settled(database);
  await database.close();
}

interface Running {
  service: Service;
  kills: number;
}

/** Again and again, also where the service is away just now. */
async function goOn(until: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  while (!until.aborted) {
    await work();
    await pause(20);
  }
}

const away = (): undefined => undefined;

/** Takes a roll, or says that it was not taken after all. */
async function decide({ service }: Running, { sections, days, token }: School, random: Random): Promise<void> {
  const [section, date] = [random.of(sections).id, random.of(days)];
  await fetch(`${service.url}/rolls/${section}/${date}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ taken: random.of([true, false]) }),
    signal: AbortSignal.timeout(PATIENCE),
  }).catch(away);
}

/** Fills the second one from a snapshot of the first: its roster, its marks, and what is known of each roll. */
async function begin(url: string, second: string, folder: string, state: Running, school: School) {
  const out = join(mkdtempSync(join(folder, 'roster-')), 'out');
  const first = { DATABASE_URL: url, ROLLBOOK_SECRET_KEY: SECRET };
  const command = async (env: object, ...args: string[]) => {
    const { code, stdout, stderr } = await rollbook(args, { ...env });
    if (code !== 0) throw new Error(`rollbook ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const exported = JSON.parse(
    await command(first, 'roster', 'export', '--district', 'Larkspur', '--out', out, '--json'),
  );
  const env = { DATABASE_URL: second, ROLLBOOK_SECRET_KEY: SECRET };
  await command(env, 'import', out, '--district', 'Larkspur', '--time-zone', 'America/Chicago', '--json');
  rmSync(out, { recursive: true });
  const database = openDatabase(second);
  const scopes = ['attendance:read', 'attendance:write', 'roster:read'];
  const clients = openClients(database, secretsWith([SECRET]));
  const [{ id: district }] = await database.knex('districts');
  const { token } = await clients.create({ district, name: 'follow', scopes });
  await database.close();
  const ids = await idsBetween(url, second);
  const service = await startService(second, 1);

  const send = async ({ method, path, body }: { method: string; path: string; body: object }) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(service.url + path, { method, headers, body: JSON.stringify(body) });
    if (answer.status >= 300) throw new Error(`${method} ${path} was answered ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  /** Until it is there. */
  const read = async <Answer>(path: string): Promise<Answer> => {
    for (;;) {
      const answer = await fetch(state.service.url + path, {
        headers: { authorization: `Bearer ${school.token}` },
        signal: AbortSignal.timeout(60_000),
      })
        .then(async (response) => ({ status: response.status, text: await response.text() }))
        .catch(away);
      if (answer?.status === 200) return JSON.parse(answer.text);
      if (answer && answer.status !== 503) throw new Error(`GET ${path} was answered ${answer.status} ${answer.text}`);
      await pause(50);
    }
  };
  for (const step of stepsFor(await snapshotOf(read, school), ids)) await send(step);

  const changes: Change[] = [];
  let after = exported.changes_after as string;
  return {
    changes,
    /** Reads on and follows; whether there was anything. */
    async readOn(): Promise<boolean> {
      const page = await read<Changes>(`/changes?after=${after}&limit=500&wait=1`);
      for (const step of stepsFor(page.changes, ids as Ids)) await send(step);
      changes.push(...page.changes);
      after = page.next;
      return page.changes.length > 0 || page.more;
    },
    close: () => service.stop(),
  };
}

/** All that is known, as if it had just been said: what changes while it is read comes again. */
async function snapshotOf(
  read: <Answer>(path: string) => Promise<Answer>,
  { sections, days }: School,
): Promise<Change[]> {
  const common = { id: 0, revision: null, at: '', by: { api: '', client: null, person: null } };
  const words = { absent: 2, late: 3, excused: 4 } as const;
  const { marks } = await read<Marks>('/marks');
  const known: Change[] = marks.map(({ section, enrollment, date, status, comment }) => ({
    ...{ ...common, kind: 'mark', section, enrollment, date, status: words[status], comment, code: '' },
  }));
  for (const { id: section } of sections)
    for (const month of new Set(days.map((day) => day.slice(0, 7)))) {
      const report = await read<SectionMonth>(`/reports/sections/${section}/month?month=${month}`);
      for (const { enrollment_id: enrollment, presences } of report.students)
        for (const date of presences)
          known.push({ ...common, kind: 'presence', section, enrollment, date, code: '', comment: '' });
      for (const { date, taken_at } of report.days)
        if (taken_at) known.push({ ...common, kind: 'roll.taken', section, date });
    }
  return known;
}
