import { CollectionQuery } from '../../../schemas/osdi/parts';
import { PeopleReply, type Person, PersonReply } from '../../../schemas/osdi/people';
import { integer, nullable, string } from '../../database/rows';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { permittedPerson } from '../../roster/access';
import type { PersonRow } from '../../roster/sql';
import type { Dependencies } from '../dependencies';
import { collectionReply, type ListSpec, openList } from './collections';
import type { Fields } from './filter';
import { documentOf, documentReply, linkTo, NAMESPACE, withoutBlanks } from './hal';
import type { Identifiers } from './matching';

type Row = Pick<PersonRow, 'id' | 'sourced_id' | 'role' | 'email' | 'given_name' | 'middle_name' | 'family_name'>;

const text = (sql: string) => ({ type: 'text', sql, holds: string }) as const;

const spec: ListSpec<Row> = {
  columns: {
    id: { type: 'bigint', sql: 'people.id', holds: integer },
    sourced_id: { ...text('people.sourced_id'), holds: nullable(string) },
    role: text('people.role'),
    email: text('people.email'),
    given_name: text('people.given_name'),
    middle_name: text('people.middle_name'),
    family_name: text('people.family_name'),
  },
  from: `people where people.district_id = :district and people.active and ${permittedPerson}`,
  key: ['id'],
};

const fields: Fields = {
  given_name: { column: 'given_name', kind: 'text' },
  additional_name: { column: 'middle_name', kind: 'text' },
  family_name: { column: 'family_name', kind: 'text' },
  email_address: { column: 'email', kind: 'text' },
  'email_addresses.address': { column: 'email', kind: 'text' },
  'custom_fields.role': { column: 'role', kind: 'text' },
};

/** `/people`: students and teachers, read-only. */
export function peopleEndpoints({ database, roster }: Dependencies, identifiers: Identifiers): Endpoint[] {
  const people = openList(database, spec);
  const list = endpoint({
    method: 'GET',
    path: '/people',
    scope: 'roster:read',
    heavy: true,
    schemas: { query: CollectionQuery, reply: PeopleReply },
    async handle(call) {
      const { caller } = call;
      return collectionReply(call, {
        rel: 'osdi:people',
        fields,
        count: (condition) => people.count(caller, condition),
        async rows(slice) {
          const rows = await people.rows(caller, slice);
          const foreign = await identifiers.of(
            caller,
            rows.map(({ id }) => id),
          );
          return rows.map((row) => ({ row, foreign: foreign.get(row.id) ?? [] }));
        },
        idOf: ({ row }) => row.id,
        placeOf: (id) => [id],
        print: ({ row, foreign }) => personOf(row, foreign, call),
      });
    },
  });
  const one = endpoint({
    method: 'GET',
    path: '/people/:person',
    scope: 'roster:read',
    schemas: { reply: PersonReply },
    async handle(call) {
      const person = await roster.one('person', call.caller, call.params.person);
      const foreign = await identifiers.of(call.caller, [person.id]);
      return documentReply(200, documentOf(personOf(person, foreign.get(person.id) ?? [], call), call));
    },
  });
  return [list, one];
}

/** "Person" of people.md, as far as a roster knows it. */
function personOf({ id, sourced_id, email, ...person }: Row, foreign: readonly string[], call: Call): Person {
  return {
    identifiers: [...new Set([`${NAMESPACE}:${id}`, ...(sourced_id ? [`oneroster:${sourced_id}`] : []), ...foreign])],
    ...withoutBlanks({
      given_name: person.given_name,
      additional_name: person.middle_name,
      family_name: person.family_name,
    }),
    ...(email && { email_addresses: [{ primary: true, address: email, address_type: 'work' }] }),
    custom_fields: { role: person.role },
    _links: {
      self: linkTo(call, `/people/${id}`),
      'osdi:attendances': linkTo(call, `/people/${id}/attendances`),
    },
  };
}
