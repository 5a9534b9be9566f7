import fc from 'fast-check';
import type { Response } from 'supertest';
import { openSchool } from '../../apis/powerschool/school';
import { check } from '../check';
import { setClock } from './clock';
import type { Model, School } from './command';
import { Ledger } from './ledger';
import { marksCommands } from './marks';
import { osdiCommands } from './osdi';
import { powerschoolCommands } from './powerschool';
import { readings } from './readings';
import { Records } from './records';
import { rollCommands } from './rolls';
import { schoologyCommands } from './schoology';
import { wixCommands } from './wix';

const apis = {
  schoology: schoologyCommands,
  powerschool: powerschoolCommands,
  osdi: osdiCommands,
  wix: wixCommands,
  rollbook: fc.oneof(rollCommands, marksCommands),
};
type Api = keyof typeof apis;
type Count = (api: Api, status: number) => void;

const command = fc.oneof(
  ...Object.entries(apis).map(([api, commands]) => commands.map((command) => ({ api: api as Api, command }))),
);
const sequence = fc.array(command, { minLength: 1, maxLength: 12, size: 'max' });
type Sequence = typeof sequence extends fc.Arbitrary<infer All> ? All : never;

const written = [
  'journal',
  'marks',
  'presences',
  'meetings',
  'powerschool_attendance',
  'osdi_attendances',
  'wix_attendances',
];

/** An empty ledger. Revisions go on, so that no answer of an earlier one is remembered. */
async function clear({ world: { database } }: School): Promise<void> {
  for (const table of written) await database.knex(table).delete();
  await database.knex('sections').increment('revision', 1);
}

/** Does a sequence of writes, each through one of the APIs, and compares what all of them then read with the model. */
async function follow(school: School, sequence: Sequence, count: Count): Promise<void> {
  await clear(school);
  const model: Model = {
    ledger: new Ledger(),
    records: new Records(),
    announcements: new Map(),
    attendees: new Map(),
  };
  const lines: string[] = [];
  for (const { api, command } of sequence) {
    const answer = await command.send(school, model);
    count(api, answer.status);
    lines.push(lineOf(answer));
    compare(api, command.told(answer), command.expected(model), lines);
    command.learn?.(answer, model);
  }
  for (const [name, read] of Object.entries(readings)) {
    const { said, expected } = await read(school, model);
    compare(name, said, expected, lines);
  }
}

/** Throws with the requests that led to it where the two are not the same as JSON; '*' is anything. */
function compare(name: string, said: unknown, expected: unknown, lines: readonly string[]): void {
  const right = opened(expected, said);
  if (JSON.stringify(said) === JSON.stringify(right)) return;
  const [actual, wanted] = differing(said, right).map((value) => JSON.stringify(value));
  throw new Error(`${name}\n  says   ${actual}\n  not    ${wanted}\nafter\n${lines.join('\n')}`);
}

/** The parts in which two lists differ, or the two. */
function differing(one: unknown, other: unknown): [unknown, unknown] {
  if (!Array.isArray(one) || !Array.isArray(other)) return [one, other];
  const without = (list: unknown[], those: unknown[]) => {
    const texts = those.map((each) => JSON.stringify(each));
    return list.filter((each) => !texts.includes(JSON.stringify(each)));
  };
  const [left, right] = [without(one, other), without(other, one)];
  if (left.length === 0 && right.length === 0) return [one, other];
  return left.length === 1 && right.length === 1 ? differing(left[0], right[0]) : [left, right];
}

/** What is expected, with what was said in place of '*'. */
function opened(expected: unknown, said: unknown): unknown {
  if (expected === '*') return said;
  if (expected === null || typeof expected !== 'object' || said === null || typeof said !== 'object') return expected;
  const in_ = said as Record<string, unknown>;
  if (Array.isArray(expected)) return expected.map((each, index) => opened(each, in_[index]));
  return Object.fromEntries(Object.entries(expected).map(([name, each]) => [name, opened(each, in_[name])]));
}

/** A request as it was sent, and what it was answered. */
function lineOf({ request, status }: Response): string {
  const { method, url, _data: data } = request as unknown as { method: string; url: string; _data?: unknown };
  const body = typeof data === 'string' ? data : JSON.stringify(data);
  return `curl -X ${method} ${url}${body ? ` -d '${body}'` : ''}  # ${status}`;
}

async function openMarkedSchool(): Promise<School> {
  const school = await openSchool();
  for (const section of ['algebra', 'biology'] as const) await school.periods(section, '1, 2');
  const { token: marksOnly } = await school.clients.create({
    district: school.world.districts.larkspur,
    name: 'marks only',
    scopes: ['attendance:read', 'attendance:write'],
    marksOnly: true,
  });
  return { ...school, marksOnly };
}

/** Makes up so many sequences; what fails is told with its requests. */
export async function runSequences(numRuns: number, seed?: number, count: Count = () => undefined): Promise<void> {
  const setBack = setClock();
  try {
    const school = await openMarkedSchool();
    try {
      await check(sequence, (all) => follow(school, all, count), { numRuns, seed });
    } finally {
      await school.close();
    }
  } finally {
    setBack();
  }
}
