import fc from 'fast-check';
import type { Method, OpenApi, Operation, Parameter, Schema } from './documents';

/** A request that a document tells how to make. */
export interface Asked {
  readonly operation: Operation;
  readonly method: Method;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Requests of an operation: most as its document has them, with ids that there are; some with values of another kind.
 * @param ids what there is, for parameters of the path
 */
export function requestsOf(
  document: OpenApi,
  { path, method, operation }: { path: string; method: Method; operation: Operation },
  ids: readonly string[],
): fc.Arbitrary<Asked> {
  const of = (place: Parameter['in']) => operation.parameters.filter((parameter) => parameter.in === place);
  const inPath = fc.record(Object.fromEntries(of('path').map(({ name }) => [name, wordFor(name, ids)])));
  const query = of('query').filter(({ schema }) => schema.type !== 'object');
  const inQuery = fc.record(
    Object.fromEntries(query.map(({ name, schema }) => [name, arbitraryOf(document, schema).map(asText)])),
    { requiredKeys: query.filter(({ required }) => required).map(({ name }) => name) },
  );
  const types = Object.entries(operation.requestBody?.content ?? {}).filter(([type]) => /json|urlencoded/.test(type));
  const bodies = types.map(([type, { schema }]) =>
    arbitraryOf(document, schema).map((value) => ({
      type,
      body: type.includes('json') ? JSON.stringify(value) : formOf(value),
    })),
  );
  const answered = Object.keys((operation.responses[200] as { content?: object } | undefined)?.content ?? {});
  const accept = fc.constantFrom('*/*', ...answered);
  return fc
    .record({ inPath, inQuery, sent: bodies.length > 0 ? fc.oneof(...bodies) : fc.constant(undefined), accept })
    .map(({ inPath, inQuery, sent, accept }) => ({
      operation,
      method,
      path:
        path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(inPath[name]!)) +
        (Object.keys(inQuery).length > 0 ? `?${new URLSearchParams(inQuery as Record<string, string>)}` : ''),
      headers: { Accept: accept, ...(sent && { 'Content-Type': sent.type }) },
      ...(sent && { body: sent.body }),
    }));
}

const wordFor = (name: string, ids: readonly string[]) =>
  fc.oneof(
    { weight: 8, arbitrary: name === 'date' ? fc.constantFrom('2025-10-06', '2025-10-07') : fc.constantFrom(...ids) },
    {
      weight: 1,
      arbitrary: fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }).filter((word) => !/^\.*$/.test(word)),
    },
  );

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const formOf = (value: unknown): string =>
  new URLSearchParams(
    Object.entries(Object(value) as object).map(([name, each]) => [name, asText(each)] as [string, string]),
  ).toString();

/** Values of a schema: its examples, others that it describes, and now and then one of any kind. */
export function arbitraryOf(document: OpenApi, schema: Schema): fc.Arbitrary<unknown> {
  const { examples = [], ...rest } = resolved(document, schema);
  const made = { weight: 4, arbitrary: madeOf(document, rest) };
  const given =
    (examples as unknown[]).length > 0 ? [{ weight: 4, arbitrary: fc.constantFrom(...(examples as unknown[])) }] : [];
  return fc.oneof(...given, made, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) });
}

const resolved = (document: OpenApi, schema: Schema): Schema => {
  const name = String(schema.$ref ?? '')
    .split('/')
    .at(-1);
  return name ? document.components.schemas[name]! : schema;
};

function madeOf(document: OpenApi, schema: Schema): fc.Arbitrary<unknown> {
  const {
    type,
    enum: values,
    const: value,
    anyOf,
    properties = {},
    required = [],
    items = {},
    format,
    maxLength,
  } = schema;
  if (values) return fc.constantFrom(...(values as unknown[]));
  if (value !== undefined) return fc.constant(value);
  if (anyOf) return fc.oneof(...(anyOf as Schema[]).map((each) => arbitraryOf(document, each)));
  const made: Readonly<Record<string, () => fc.Arbitrary<unknown>>> = {
    object: () =>
      fc.record(
        Object.fromEntries(
          Object.entries(properties as Schema).map(([name, each]) => [name, arbitraryOf(document, each as Schema)]),
        ),
        { requiredKeys: required as never[] },
      ),
    array: () =>
      fc.array(arbitraryOf(document, items as Schema), { maxLength: 3, minLength: Number(schema.minItems ?? 0) }),
    string: () =>
      format === 'date'
        ? fc.constantFrom('2025-10-06', '2025-11-31')
        : fc.string({ maxLength: Math.min(Number(maxLength ?? 20), 20) }),
    integer: () => fc.integer({ min: Number(schema.minimum ?? -2), max: Number(schema.maximum ?? 2 ** 31) }),
    number: () => fc.double(),
    boolean: () => fc.boolean(),
    null: () => fc.constant(null),
  };
  const kinds = [type ?? 'null'].flat() as string[];
  return fc.oneof(...kinds.map((kind) => made[kind]!()));
}
