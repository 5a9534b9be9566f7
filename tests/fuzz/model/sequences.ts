import fc from 'fast-check';
import type { Response } from 'supertest';
import { openSchool, type School } from '../../dialects/powerschool/school';
import { check } from '../check';
import type { Model } from './command';
import { Ledger } from './ledger';
import { osdiCommands } from './osdi';
import { powerschoolCommands } from './powerschool';
import { readings } from './readings';
import { schoologyCommands } from './schoology';
import { wixCommands } from './wix';

const apis = { schoology: schoologyCommands, powerschool: powerschoolCommands, osdi: osdiCommands, wix: wixCommands };
type Api = keyof typeof apis;
type Count = (api: Api, status: number) => void;

const command = fc.oneof(
  ...Object.entries(apis).map(([api, commands]) => commands.map((command) => ({ api: api as Api, command }))),
);
const sequence = fc.array(command, { minLength: 1, maxLength: 12, size: 'max' });
type Sequence = typeof sequence extends fc.Arbitrary<infer All> ? All : never;

const written = ['journal', 'marks', 'meetings', 'powerschool_attendance', 'osdi_attendances', 'wix_attendances'];

/** An empty ledger. Revisions go on, so that no answer of an earlier one is remembered. */
async function clear({ world: { database } }: School): Promise<void> {
  for (const table of written) await database.knex(table).delete();
  await database.knex('sections').increment('revision', 1);
}

/** Does a sequence of writes, each through one of the APIs, and compares what all of them then read with the model. */
async function follow(school: School, sequence: Sequence, count: Count): Promise<void> {
  await clear(school);
  const model: Model = { ledger: new Ledger(), parts: new Map() };
  const lines: string[] = [];
  for (const { api, command } of sequence) {
    const answer = await command.send(school);
    count(api, answer.status);
    lines.push(lineOf(answer));
    model.ledger.begin();
    compare(api, command.told(answer), command.expected(model), lines);
  }
  model.ledger.begin();
  for (const [name, read] of Object.entries(readings)) {
    const { said, expected } = await read(school, model);
    compare(name, said, expected, lines);
  }
}

/** Throws with the requests that led to it where the two are not the same as JSON. */
function compare(name: string, said: unknown, expected: unknown, lines: readonly string[]): void {
  const [actual, right] = [said, expected].map((value) => JSON.stringify(value));
  if (actual !== right) throw new Error(`${name}\n  says   ${actual}\n  not    ${right}\nafter\n${lines.join('\n')}`);
}

/** A request as it was sent, and what it was answered. */
function lineOf({ request, status }: Response): string {
  const { method, url, _data: data } = request as unknown as { method: string; url: string; _data?: unknown };
  const body = typeof data === 'string' ? data : JSON.stringify(data);
  return `curl -X ${method} ${url}${body ? ` -d '${body}'` : ''}  # ${status}`;
}

/** Makes up so many sequences; what fails is told with its requests. */
export async function runSequences(numRuns: number, seed?: number, count: Count = () => undefined): Promise<void> {
  const school = await openSchool();
  try {
    await check(sequence, (all) => follow(school, all, count), { numRuns, seed });
  } finally {
    await school.close();
  }
}
