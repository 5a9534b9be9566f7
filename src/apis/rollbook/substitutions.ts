import {
  SubstitutesQuery,
  SubstitutesReply,
  type Substitution,
  SubstitutionBody,
  SubstitutionReply,
  SubstitutionsQuery,
  SubstitutionsReply,
} from '../../../schemas/rollbook/substitutions';
import { readOf } from '../../audit/read';
import { managerOf } from '../../clients/access';
import { type Caller, teacherRoles } from '../../clients/client';
import { isSchoolDay, plusDays } from '../../days';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import { calledName } from '../../roster/names';
import { type Giver, openSubstitutions, type SubstitutionRow } from '../../roster/substitutions';
import type { Dependencies } from '../dependencies';

/** `/substitutions`: a teacher, or the office, gives a class to somebody else for days, and takes it back. */
export function substitutionEndpoints({ database, clients }: Dependencies): Endpoint[] {
  const substitutions = openSubstitutions(database, teacherRoles);
  const common = { current: true } as const;

  /** A teacher speaks for their own classes, the office for those of its school or district. */
  const giverOf = (caller: Caller): Giver => (caller.person === null ? managerOf(caller) : { ...caller, school: null });

  async function listOf(caller: Caller, section: number): Promise<readonly Substitution[]> {
    const rows = await substitutions.list(giverOf(caller), caller, section);
    const names = new Map((await clients.namesIn(caller.district)).map(({ id, name }) => [id, name]));
    return rows.map((row) => shown(row, names));
  }

  return [
    endpoint({
      ...common,
      method: 'GET',
      path: '/',
      summary: 'Lists who takes a class for somebody else, now and to come',
      errors: ['NOT_FOUND'],
      scope: 'attendance:read',
      schemas: { query: SubstitutionsQuery, reply: SubstitutionsReply },
      async handle({ caller, query }) {
        const section = Number(query.section);
        const listed = await listOf(caller, section);
        return { status: 200, body: { substitutions: listed }, reads: readsOf(listed) };
      },
    }),
    endpoint({
      ...common,
      method: 'GET',
      path: '/people',
      summary: 'Finds who may take a class for somebody else',
      errors: ['NOT_FOUND'],
      scope: 'attendance:write',
      schemas: { query: SubstitutesQuery, reply: SubstitutesReply },
      async handle({ caller, query }) {
        const section = Number(query.section);
        const people = await substitutions.candidates(giverOf(caller), caller, section, query.search ?? '');
        return { status: 200, body: { people }, reads: readsOf(people) };
      },
    }),
    endpoint({
      ...common,
      method: 'POST',
      path: '/',
      summary: 'Gives a class to somebody for days: they take its rolls',
      successes: [201],
      errors: ['NOT_FOUND'],
      scope: 'attendance:write',
      schemas: { body: SubstitutionBody, reply: SubstitutionReply },
      async handle({ caller, body: { section, person, from, to = from } }) {
        for (const [field, sent] of Object.entries({ from, to })) if (!isSchoolDay(sent)) throw invalidDay(field, sent);
        const id = await substitutions.give(giverOf(caller), caller, { section, person, from, to });
        const made = (await listOf(caller, section)).find((each) => each.id === id);
        if (!made) throw new Problem('NOT_FOUND', `There is no substitution ${id} here.`); // taken back just now
        return { status: 201, body: made, reads: readsOf([made]) };
      },
    }),
    endpoint({
      ...common,
      method: 'DELETE',
      path: '/:substitution',
      summary: 'Takes a class back from who takes it for somebody else',
      successes: [204],
      scope: 'attendance:write',
      async handle({ caller, params }) {
        await substitutions.takeBack(giverOf(caller), caller, idOf(params.substitution));
        return { status: 204 };
      },
    }),
  ];
}

function shown(row: SubstitutionRow, names: ReadonlyMap<number, string>): Substitution {
  const { id, section_id, section, person_id, begin_date, end_date, client_id } = row;
  const by = calledName({
    given_name: row.by_given_name ?? '',
    preferred_name: row.by_preferred_name ?? '',
    family_name: row.by_family_name ?? '',
  });
  return {
    ...{ id, section_id, section, person_id, name: calledName(row), from: begin_date, to: plusDays(end_date, -1) },
    can_take: Boolean(row.can_take),
    by: by || (names.get(client_id ?? 0) ?? ''),
  };
}

const readsOf = (people: readonly { readonly person_id: number }[]) => readOf(people.map(({ person_id }) => person_id));

function invalidDay(field: string, sent: string): Problem {
  const message = `must be a day of the calendar, YYYY-MM-DD, not ${sent.slice(0, 60)}`;
  return new Problem('BODY_INVALID', `${field} ${message}.`, { violations: [{ field, message }] });
}

function idOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new Problem('NOT_FOUND', `There is no substitution ${text.slice(0, 60)} here.`);
  return Number(text);
}
