import { Type } from '@sinclair/typebox';
import { closed, nullable, type TypeOf } from '../types';
import { Curies, collectionOf, href, Identifiers, Instant, Link, notKept, sentIdentifiers, sentText } from './parts';

const name = () => Type.Optional(Type.String({ minLength: 1 }));

const fields = {
  identifiers: Identifiers,
  modified_date: Type.Optional({ ...Instant, description: 'When what is shown here was last changed.' }),
  given_name: name(),
  additional_name: name(),
  family_name: name(),
  email_addresses: Type.Optional(
    Type.Array(
      closed({
        primary: Type.Boolean(),
        address: Type.String({ minLength: 1, examples: ['ada@example.org'] }),
        address_type: Type.Literal('work'),
      }),
    ),
  ),
  custom_fields: closed({
    role: Type.String({ description: 'What the SIS says the person is.', examples: ['student'] }),
    active: Type.Boolean({ description: 'False of whom the SIS has deleted.', examples: [true] }),
  }),
};
const links = { self: Link, 'osdi:attendances': Link, 'osdi:attendance': Link };

const example = {
  identifiers: ['rollbook:126', 'oneroster:100126'],
  modified_date: '2025-08-20T04:10:00Z',
  given_name: 'Ada',
  family_name: 'Lovelace',
  email_addresses: [{ primary: true, address: 'ada@example.org', address_type: 'work' }],
  custom_fields: { role: 'student', active: true },
};
const exampleLinks = {
  self: { href: href('/people/126') },
  'osdi:attendances': { href: href('/people/126/attendances') },
  'osdi:attendance': { href: href('/people/126/attendances') },
};

/** A person as a collection has them. */
export const Person = closed(
  { ...fields, _links: closed(links) },
  {
    title: 'Person',
    description: 'A student or a teacher, as far as a roster knows them.',
    examples: [{ ...example, _links: exampleLinks }],
  },
);
export type Person = TypeOf<typeof Person>;

export const PersonReply = closed(
  { ...fields, _links: closed({ ...links, curies: Curies }) },
  {
    title: 'PersonDocument',
    description: 'A person as a document of its own.',
    examples: [{ ...example, _links: { ...exampleLinks, curies: Curies.examples[0] } }],
  },
);

export const PeopleReply = collectionOf(['osdi:people'], Person, '/people', {
  title: 'People',
  description: 'A page of the people of the district, students and teachers.',
});

/** What people.md has of a person and is not kept here. */
export const detailsNotHere = [
  'honorific_prefix',
  'honorific_suffix',
  'gender',
  'gender_identity',
  'additional_gender_identities',
  'gender_pronouns',
  'party_identification',
  'parties',
  'source',
  'ethnicities',
  'languages_spoken',
  'preferred_language',
  'browser_url',
  'administrative_url',
  'birthdate',
  'employer',
  'work_title',
  'work_department',
  'employer_address',
  'postal_addresses',
  'phone_numbers',
  'profiles',
  'custom_fields',
  'division_info',
  'occupation',
] as const;

/** A person within an attendance that is sent: who it is, or who is to be added. */
export const InlinePerson = Type.Object(
  {
    identifiers: Type.Optional(nullable(sentIdentifiers('What other systems call the person; looked for first.'))),
    given_name: sentText({ description: 'Of a person who is new.' }),
    additional_name: sentText({ description: 'Of a person who is new.' }),
    family_name: sentText({ description: 'Of a person who is new.' }),
    email_addresses: Type.Optional(
      nullable(
        Type.Array(
          Type.Object(
            {
              address: sentText({ description: 'An email address.', hint: 'test-3@example.com' }),
              primary: Type.Optional(
                nullable(Type.Boolean(), {
                  mustBe: 'true or false',
                  description: 'Of a person who is new, the one that is kept; the first where none is.',
                }),
              ),
              ...notKept(['address_type', 'status']),
            },
            { mustBe: 'an object with an address' },
          ),
          {
            maxItems: 20,
            mustBe: 'a list of at most 20 objects',
            description: 'By which the person is looked for where no identifier is known.',
            examples: [[{ address: 'ada@example.org' }]],
          },
        ),
      ),
    ),
    ...notKept(['origin_system', ...detailsNotHere]),
  },
  {
    mustBe: 'an object',
    title: 'InlinePerson',
    description: 'A person, to be found by identifier, then by email. What is not listed here is ignored.',
    examples: [{ given_name: 'Ada', family_name: 'Lovelace', email_addresses: [{ address: 'ada@example.org' }] }],
  },
);
export type InlinePerson = TypeOf<typeof InlinePerson>;
