import { PeopleQuery, ResourceQuery } from '../../../schemas/osdi/parts';
import { detailsNotHere, PeopleReply, type Person, PersonReply } from '../../../schemas/osdi/people';
import { readOf } from '../../audit/read';
import type { Caller } from '../../clients/client';
import { bit, instant, integer, nullable, string } from '../../database/rows';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { permittedPerson } from '../../roster/access';
import type { PersonRow } from '../../roster/sql';
import type { Dependencies } from '../dependencies';
import { collectionReply, type ListSpec, openList } from './collections';
import { each, type Fields, isNamed, printed, textsOf } from './filter';
import { attendancesAt, documentOf, documentReply, linkTo, NAMESPACE, withoutBlanks } from './hal';
import type { Identifiers } from './matching';

type Row = Pick<
  PersonRow,
  'id' | 'sourced_id' | 'role' | 'email' | 'given_name' | 'middle_name' | 'family_name' | 'modified_at' | 'active'
>;

const text = (sql: string) => ({ type: 'text', sql, holds: string }) as const;

const everyoneSpec: ListSpec<Row & { readonly mail: string }> = {
  columns: {
    id: { type: 'bigint', sql: 'people.id', holds: integer, indexed: true },
    sourced_id: { ...text('people.sourced_id'), holds: nullable(string) },
    role: text('people.role'),
    active: { type: 'smallint', sql: 'case when people.active then 1 else 0 end', holds: bit },
    email: text('people.email'),
    mail: { ...text('lower(people.email)'), indexed: true },
    modified_at: { type: 'timestamptz', sql: 'people.modified_at', holds: nullable(instant), indexed: true },
    given_name: text('people.given_name'),
    middle_name: text('people.middle_name'),
    family_name: text('people.family_name'),
  },
  from: `people where people.district_id = :district and ${permittedPerson}`,
  key: ['id'],
};
const activeSpec: typeof everyoneSpec = {
  ...everyoneSpec,
  from: `people where people.district_id = :district and people.active and ${permittedPerson}`,
};

const address = { column: 'mail', kind: 'mail' } as const;

const fields: Fields = {
  given_name: { column: 'given_name', kind: 'text' },
  additional_name: { column: 'middle_name', kind: 'text' },
  family_name: { column: 'family_name', kind: 'text' },
  // "Virtual field names", and what clients call it as well.
  ...each(['email_address', 'email_addresses.address', 'email'], address),
  modified_date: { column: 'modified_at', kind: 'instant' },
  'custom_fields.role': { column: 'role', kind: 'text' },
  'custom_fields.active': { column: 'active', kind: 'boolean' },
  ...each(['phone_number', 'phone_numbers.number', 'postal_code', 'region', ...detailsNotHere], {
    kind: 'none',
    why: 'it is not kept',
  }),
  created_date: { kind: 'none', why: 'it is not kept' },
};

/** By what other systems call them, or we. */
const IDENTIFIERS = ['identifier', 'identifiers'];

/** By these, whom the SIS has deleted is found as well, as they are at their address. The collection has who is there now. */
const OF_EVERYONE = [...IDENTIFIERS, 'custom_fields.active'];

/** The fields, with who bears the identifiers that a filter names. */
async function fieldsFor(caller: Caller, filter: string | undefined, identifiers: Identifiers): Promise<Fields> {
  const bearers = await identifiers.bearers(caller, textsOf(filter, fields, IDENTIFIERS));
  const among = (identifier: string) => ({ column: 'id', in: bearers.get(identifier) ?? [] });
  return { ...fields, ...each(IDENTIFIERS, { kind: 'list', among }) };
}

/** `/people`: students and teachers, read-only. */
export function peopleEndpoints({ database, roster }: Dependencies, identifiers: Identifiers): Endpoint[] {
  const [active, everyone] = [openList(database, activeSpec), openList(database, everyoneSpec)];
  const list = endpoint({
    method: 'GET',
    path: '/people',
    summary: 'Lists people',
    scope: 'roster:read',
    heavy: true,
    schemas: { query: PeopleQuery, reply: PeopleReply },
    async handle(call) {
      const { caller } = call;
      const people = isNamed(call.query.filter, OF_EVERYONE) ? everyone : active;
      return collectionReply(call, {
        rels: ['osdi:people'],
        fields: await fieldsFor(caller, call.query.filter, identifiers),
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
        readsOf: (rows) => readOf(rows.map(({ row }) => row.id)),
      });
    },
  });
  const one = endpoint({
    method: 'GET',
    path: '/people/:person',
    summary: 'Reads a person',
    scope: 'roster:read',
    schemas: { query: ResourceQuery, reply: PersonReply },
    async handle(call) {
      const person = await roster.one('person', call.caller, call.params.person);
      const foreign = await identifiers.of(call.caller, [person.id]);
      const document = documentOf(personOf(person, foreign.get(person.id) ?? [], call), call);
      return { ...documentReply(200, document), reads: readOf([person.id]) };
    },
  });
  return [list, one];
}

/** "Person" of people.md, as far as a roster knows it. */
function personOf(
  { id, sourced_id, email, modified_at, ...person }: Row,
  foreign: readonly string[],
  call: Call,
): Person {
  return {
    identifiers: [...new Set([`${NAMESPACE}:${id}`, ...(sourced_id ? [`oneroster:${sourced_id}`] : []), ...foreign])],
    ...withoutBlanks({
      modified_date: modified_at && printed(modified_at),
      given_name: person.given_name,
      additional_name: person.middle_name,
      family_name: person.family_name,
    }),
    ...(email && { email_addresses: [{ primary: true, address: email, address_type: 'work' }] }),
    custom_fields: { role: person.role, active: Boolean(person.active) },
    _links: {
      self: linkTo(call, `/people/${id}`),
      ...attendancesAt(call, `/people/${id}`),
    },
  };
}
