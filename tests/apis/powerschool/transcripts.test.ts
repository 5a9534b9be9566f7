import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSchool, type School } from './school';

/**
 * What plugins send, request by request, and what they have to be answered: `transcripts/*.http`, written for this test. A
 * request is a line with its method and target, the body of a POST, and the status with what has to be in the answer; `{name}`
 * is what the school below calls so, and `*` any text.
 */
const folder = join(__dirname, 'transcripts');
const transcripts = readdirSync(folder).filter((file) => file.endsWith('.http'));

let school: School;
let names: Record<string, string>;
beforeEach(async () => {
  school = await openSchool();
  const { knex } = school.world.database;
  const { id } = await knex('schools').where({ number: '200' }).first();
  const district_id = school.world.districts.larkspur;
  const person = { district_id, school_id: id, role: 'student', middle_name: '', preferred_name: '', grades: '07' };
  const [emil] = await knex('people')
    .insert({
      ...person,
      sourced_id: 'emil',
      identifier: '204156',
      username: 'emil',
      email: 'emil@example.org',
      given_name: 'Emil',
      family_name: 'Noether',
    })
    .returning('id');
  await knex('enrollments').insert({
    district_id,
    section_id: school.homeroom,
    person_id: emil.id,
    sourced_id: 'emil-homeroom',
    admin: false,
    begin_date: '2025-08-25',
    end_date: '2026-06-12',
  });
  names = { emil: emil.id, school: id, section: `${school.world.sections.algebra}`, A: `${school.code('A')}` };
});
afterEach(() => school.close());

interface Exchange {
  readonly method: 'get' | 'post';
  readonly target: string;
  readonly body: string | undefined;
  readonly status: number;
  readonly answer: unknown;
}

const REQUEST = /^(GET|POST) (\S+)\n(?:(\{.*\})\n)?(\d{3}) (.*)$/;

function exchangesOf(text: string): Exchange[] {
  const filled = text.replace(/\{(\w+)\}/g, (all, name: string) => names[name] ?? all);
  const blocks = filled.split(/\n\n+/).map((block) => block.trim());
  return blocks
    .filter((block) => block !== '' && !block.startsWith('#'))
    .map((block) => {
      const [, method, target, body, status, answer] = REQUEST.exec(block) ?? [];
      if (method === undefined) throw new Error(`this is no exchange: ${block}`);
      return {
        method: method.toLowerCase() as 'get' | 'post',
        target: target!,
        body,
        status: Number(status),
        answer: JSON.parse(answer!),
      };
    });
}

/** What has to be there: objects may have more, lists not; a number that was written as a text may be either. */
function expected(answer: unknown): unknown {
  if (answer === '*') return expect.any(String);
  if (Array.isArray(answer)) return answer.map(expected);
  if (typeof answer !== 'object' || answer === null) return answer;
  return expect.objectContaining(
    Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, expected(value)])),
  );
}

/** Ids are numbers in one place and texts in another; a transcript writes them as texts. */
const asTexts = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer), (_name, value) => (typeof value === 'number' ? String(value) : value));

test.each(transcripts)('%s', async (file) => {
  const exchanges = exchangesOf(readFileSync(join(folder, file), 'utf8'));
  expect(exchanges.length).toBeGreaterThan(4);
  for (const { method, target, body, status, answer } of exchanges) {
    const request = method === 'get' ? school.get(target) : school.post(target).set('Content-Type', 'application/json');
    const response = await (body === undefined ? request : request.send(body));
    expect([target, response.status]).toEqual([target, status]);
    expect({ target, body: asTexts(response.body) }).toEqual({ target, body: expected(asTexts(answer)) });
  }
});
