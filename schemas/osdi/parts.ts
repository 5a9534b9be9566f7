import { type TArray, type TSchema, Type } from '@sinclair/typebox';
import { closed, nullable, parameterOrEmpty, type TypeOf } from '../types';

/** What several resources of OSDI are made of. */

export const href = (path: string) => `https://rollbook.example.org/osdi/api/v1${path}`;

export const Link = closed(
  { href: Type.String({ format: 'uri' }) },
  { title: 'Link', description: 'A link of HAL.', examples: [{ href: href('/people/126') }] },
);
export type Link = TypeOf<typeof Link>;

export const Curies = Type.Array(
  closed({ name: Type.Literal('osdi'), href: Type.String(), templated: Type.Literal(true) }),
  {
    minItems: 1,
    description: 'Where the relations are explained.',
    examples: [[{ name: 'osdi', href: href('/docs/{rel}'), templated: true }]],
  },
);
export type Curies = TypeOf<typeof Curies>;

/** What clients send is kept and shown again, to clients that read XML as well. */
const text = {
  maxLength: 255,
  pattern: '^[\\t\\n\\r\\u0020-\\uD7FF\\uE000-\\uFFFD\\u{10000}-\\u{10FFFF}]*$',
};
const mustBeText = 'a text of at most 255 characters that XML can carry';

/** A text of a body, or null; `mustBe` says what would be right where it is more than a text. */
export const sentText = (options: {
  readonly description: string;
  readonly mustBe?: string;
  readonly hint?: string;
  readonly maxLength?: number;
}) => Type.Optional(nullable(Type.String(text), { mustBe: mustBeText, ...options }));

const foreign = 'foreign_system:1';

/** The identifiers of a body. */
export const sentIdentifiers = (description: string, hint = foreign) =>
  Type.Array(
    Type.String({
      ...text,
      minLength: 1,
      mustBe: 'a text of 1 to 255 characters that XML can carry',
      hint: foreign,
    }),
    { maxItems: 100, mustBe: 'a list of at most 100 texts', hint, description, examples: [[hint]] },
  );

export const Identifiers = Type.Array(Type.String(), {
  minItems: 1,
  description: 'The first is of rollbook, the others are of other systems.',
  examples: [['rollbook:4220362', foreign]],
});

export const Instant = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$',
  examples: ['2025-10-06T14:03:00Z'],
});

const unkept = Type.Optional(Type.Unknown({ description: 'Taken, and not kept.' }));

/** Fields that OSDI has and rollbook has no use for. Clients send them beside what counts: whatever they are, they may be there. */
export const notKept = <const Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, unkept])) as Record<Name, typeof unkept>;

/** A parameter that is refused; an empty one is a missing one. */
const refused = (why: string) =>
  Type.Optional(
    Type.String({ maxLength: 0, mustBe: `left out: ${why}`, description: `Refused: ${why}.`, examples: [''] }),
  );

/** What OData has beside `filter`, of which OSDI takes `$expand`. */
const options = {
  $expand: refused('nothing is expanded here; follow the links'),
  $filter: refused('it is called filter here'),
  $orderby: refused('collections come in the order of their ids'),
  $select: refused('resources come whole'),
  $top: refused('it is called per_page here'),
  $skip: refused('it is called page here'),
  $count: refused('each page has total_records'),
  $search: refused('only filter finds anything here'),
  $format: refused('the header Accept says it'),
};

const ofCollections = refused('only the reading of a collection has it');

export const ResourceQuery = Type.Object(
  {
    page: ofCollections,
    per_page: ofCollections,
    filter: ofCollections,
    after: ofCollections,
    before: ofCollections,
    ...options,
  },
  {
    title: 'ResourceQuery',
    description: 'One resource has no parameters but the token. An empty value is an absent one.',
    examples: [{}],
  },
);

/** Of a collection whose items have the fields of this filter. */
const queryOf = (filter: string, title: string) =>
  Type.Object(
    {
      page: parameterOrEmpty('From 1.', '1'),
      per_page: parameterOrEmpty('25 where nothing is said, 1,000 at most.', '25'),
      filter: parameterOrEmpty('A part of OData’s filters.', filter),
      after: parameterOrEmpty('The last item of the page before, from the link next.', '4220362.0123456789abcdef'),
      before: parameterOrEmpty('The first item of the page after, from the link previous.', '4220362.0123456789abcdef'),
      ...options,
    },
    {
      title,
      description: 'Which page. An empty value is an absent one; parameters that OSDI does not have are ignored.',
      examples: [{ page: '2', per_page: '50' }],
    },
  );

export const PeopleQuery = queryOf("family_name eq 'Lovelace'", 'PeopleQuery');
export const EventsQuery = queryOf("all_day_date ge '2025-10-01'", 'EventsQuery');
export const AttendancesQuery = queryOf("status eq 'late' and action_date ge '2025-10-01'", 'AttendancesQuery');
/** Of any collection. */
export type CollectionQuery = TypeOf<typeof AttendancesQuery>;

/** An object with these properties, which have the same value. */
const named = <Rel extends string, Value>(rels: readonly Rel[], value: Value) =>
  Object.fromEntries(rels.map((rel) => [rel, value])) as Record<Rel, Value>;

/** A page of a collection whose items are linked and embedded by these relations. */
export const collectionOf = <const Rel extends string, Item extends TSchema>(
  rels: readonly Rel[],
  item: Item,
  path: string,
  options: { readonly title: string; readonly description: string },
) =>
  closed(
    {
      total_pages: Type.Integer({ minimum: 0 }),
      per_page: Type.Integer({ minimum: 0 }),
      page: Type.Integer({ minimum: 0 }),
      total_records: Type.Integer({ minimum: 0 }),
      _links: closed({
        self: Link,
        next: Type.Optional(Link),
        previous: Type.Optional(Link),
        prev: Type.Optional(Link),
        ...named(rels, Type.Array(Link)),
        curies: Curies,
      }),
      _embedded: closed(named<Rel, TArray<Item>>(rels, Type.Array(item))),
    },
    {
      ...options,
      examples: [
        {
          total_pages: 1,
          per_page: 25,
          page: 1,
          total_records: 1,
          _links: {
            self: { href: href(path) },
            ...named(rels, [item.examples[0]._links.self]),
            curies: Curies.examples[0],
          },
          _embedded: named(rels, item.examples),
        },
      ],
    },
  );
