import { type GivenRole, givenRoles, rights } from '../../src/clients/client';
import { openSignIn } from '../../src/clients/sign-in';
import { type Api, openApi } from '../api';
import { sampled } from '../sampled';
import { call, carrying } from './calling';
import { createFixtures, everythingOf, type Fixture, moveToSchool } from './fixtures';
import { isOfLti, needed } from './scopes';
import { type Row, table } from './table';

/** What a secretary and a counselor of one school may do in it, and of another school of the district. */
let api: Api;
let own: Fixture;
let other: Fixture;
const tokens = {} as Record<GivenRole, string>;
/** What there is of the other school, before anything is asked. */
let stood: object;
beforeAll(async () => {
  api = await openApi();
  const { alder, aspen } = await createFixtures(api);
  own = alder;
  other = await moveToSchool(api, aspen, 790_000_004);
  for (const role of givenRoles) tokens[role] = await tokenOf(role);
  await api.get('/reports/absence'); // what is counted is counted before
  stood = await everythingOf(api, other, false);
});
afterAll(() => api.close());

/** A token of somebody who is signed in, and was given the role in the school of the first fixture. */
async function tokenOf(role: GivenRole): Promise<string> {
  const { knex } = api.world.database;
  const { district } = own;
  const { id: _id, ...person } = await knex('people').where({ id: own.ids.teacher }).first();
  const [{ id }] = await knex('people')
    .insert({ ...person, sourced_id: role, given_name: role, role: 'aide', school_id: null })
    .returning('id');
  const given = { district_id: district, person_id: id, role, school_id: own.ids.school };
  await knex('office_roles').insert({ ...given, given_at: '2025-10-01T00:00:00.000Z' });
  const client = await openSignIn(api.world.database, api.clients).invitedClient(district, id);
  return api.clients.issueToken(client, 3_600);
}

const ask = async (role: GivenRole, endpoint: string, row: Row, { ids }: Fixture) =>
  call(api, endpoint, row, ids, carrying(row.ask(ids).path, tokens[role]));

const lacks = (role: GivenRole, endpoint: string, row: Row): boolean => {
  const scope = needed(endpoint, row);
  return scope !== undefined && !(rights[role].scopes as readonly string[]).includes(scope);
};

/** What somebody of another school's office is answered, where that is not what a teacher of another section is. */
const answers: Readonly<Record<string, number>> = {
  'GET /v1/users/me': 404, // they act for a school, as the office for the district
  'GET /v1/app-user-info': 404,
  'POST /v1/triggers/targets': 403,
  'GET /reports/rolls': 403,
  'GET /reports/absentees': 403,
  'GET /reports/untaken': 403,
  'GET /reports/today': 200, // of their own school
  'GET /absences/': 404,
  'GET /absences/passes': 200,
  'GET /absences/:absence': 404,
  'POST /absences/': 400,
  'DELETE /absences/:absence': 404,
  'GET /students/': 200, // nobody is found
};

test.each(givenRoles)(
  'to a %s no endpoint tells anything of another school, or changes anything of it',
  async (role) => {
    const wrong: unknown[] = [];
    for (const [endpoint, row] of sampled(Object.entries(table))) {
      const { status, text } = await ask(role, endpoint, row, other);
      const expected = lacks(role, endpoint, row) ? 403 : (answers[endpoint] ?? row.teacher);
      if (status !== expected) wrong.push([endpoint, status, `not ${expected}`]);
      if (/Aspen/.test(text)) wrong.push([endpoint, text]);
    }
    expect(wrong).toEqual([]);
    expect(await everythingOf(api, other, false)).toEqual(stood);
  },
  60_000,
);

/**
 * Is for programs, which alone have webhooks, or says whom a client acts for; or asks for a proof of its own.
 */
const notForThem = /webhooks\/|triggers\/targets|users\/me$|app-user-info|\/sign-in\/$|\/oauth\//;

/** Whatever a role may do at all, it may in its own school. */
test.each(givenRoles)(
  'a %s is answered in their own school, but for what they may not do',
  async (role) => {
    const wrong: unknown[] = [];
    for (const [endpoint, row] of sampled(Object.entries(table))) {
      const { status } = await ask(role, endpoint, row, own);
      const isRefused = status >= 400;
      if ((isOfLti(endpoint) || notForThem.test(endpoint)) && status < 500) continue;
      if (isRefused !== lacks(role, endpoint, row)) wrong.push([endpoint, status]);
    }
    expect(wrong).toEqual([]);
  },
  60_000,
);
