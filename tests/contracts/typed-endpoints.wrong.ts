/** Endpoints that do not compile: `typed-endpoints.test.ts` compiles them, and finds each error at the line that names it. */
import { Type } from '@sinclair/typebox';
import { closed, nullable, type TypeOf } from '../../schemas/types';
import { endpoint } from '../../src/http/endpoint';
import { Streamed } from '../../src/http/send';

const Row = closed({ id: Type.Integer(), name: Type.Optional(Type.String()) });
const schemas = {
  query: Type.Object({ from: Type.Optional(Type.String()) }),
  body: Type.Object({ rows: Type.Array(Row) }),
  reply: closed({ rows: Type.Array(Row), owner: nullable(Row) }),
};
type Answer = TypeOf<typeof schemas.reply>;
const common = { method: 'POST', path: '/rolls/:section/:date', summary: 'Takes a roll' } as const;
const at = (service: string) => ({ method: 'POST', path: `${service}/:id`, summary: 'Takes a roll' }) as const;
const owner = null;
declare function found(): Promise<{ id: number; secret: string }[]>;
declare function wholeOrStreamed(): Promise<Answer | Streamed<Answer>>;
declare function streamedSecret(): Promise<Streamed<Answer & { secret: number }>>;

export const right = [
  endpoint({
    ...common,
    schemas,
    async handle({ params, query, body }) {
      const [row] = body.rows;
      const name = `${params.section}${params.date}${query.from}`;
      return { status: 200, body: { rows: [{ id: row?.id ?? 0, name }], owner } };
    },
  }),
  endpoint({
    ...common,
    schemas,
    handle: async () => ({ status: 200, revision: 1, body: async () => ({ rows: [], owner: { id: 1 } }) }),
  }),
  endpoint({
    ...at('/v2'),
    schemas,
    async handle({ params, body: { rows } }) {
      if (params.id) return { status: 200, body: { rows, owner } };
      async function* some() {
        yield [...rows];
      }
      return { status: 200, body: new Streamed<Answer>({ rows: some(), owner: () => owner }) };
    },
  }),
  endpoint({
    ...common,
    schemas,
    // as a whole or bit by bit, as it turns out when it is read
    handle: async () => ({ status: 200, body: () => wholeOrStreamed() }),
  }),
  endpoint({ ...common, handle: async () => ({ status: 204 }) }),
];

export const wrong = [
  endpoint({
    ...common,
    schemas,
    async handle({ params, query, body }) {
      params.student; // TS2339
      query.until; // TS2339
      body.days; // TS2339
      body.rows[0]?.comment; // TS2339
      body.rows.push({ id: 1 }); // TS2339
      return { status: 204 };
    },
  }),
  endpoint({
    ...at('/v2'),
    async handle({ params, query, body }) {
      params.section; // TS2339
      query.from; // TS2339
      body.rows; // TS2339
      return { status: 204 };
    },
  }),
  endpoint({
    ...common,
    schemas,
    // what it needs is missing
    handle: async () => ({ status: 200, body: { rows: [] } }), // TS2322
  }),
  endpoint({
    ...common,
    schemas,
    // of another type
    handle: async () => ({ status: 200, body: { rows: [{ id: '1' }], owner } }), // TS2322
  }),
  endpoint({
    ...common,
    schemas,
    // what the schema does not have
    handle: async () => ({ status: 200, body: { rows: [], owner, secret: 1 } }), // TS2322
  }),
  endpoint({
    ...common,
    schemas,
    // rows of a database that have more
    handle: async () => ({ status: 200, body: { rows: await found(), owner } }), // TS2322
  }),
  endpoint({
    ...common,
    schemas,
    handle: async () => ({ status: 200, body: { rows: [], owner: { id: 1, secret: 1 } } }), // TS2322
  }),
  endpoint({
    ...common,
    schemas,
    handle: async () => ({ status: 200, body: async () => ({ rows: await found(), owner }) }), // TS2322
  }),
  endpoint({
    ...common,
    schemas,
    handle: async () => ({ status: 200, body: new Streamed<Answer>({ rows: [], owner, secret: 1 }) }), // TS2353
  }),
  endpoint({
    ...common,
    schemas,
    handle: async () => ({ status: 200, body: () => streamedSecret() }), // TS2322
  }),
  endpoint({
    ...common,
    // without a schema there is no body
    handle: async () => ({ status: 200, body: { rows: [] } }), // TS2322
  }),
];
