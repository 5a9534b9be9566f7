import { STATUS_CODES } from 'node:http';
import type { TSchema } from '@sinclair/typebox';
import { type ErrorCode, Problem, problems } from '../../lib/problem';
import type { Api } from '../endpoint';
import { type AnswerFormat, asText, type Format, type Schema } from '../formats/format';
import { withoutParameters } from '../media';
import { statuses } from '../problem';
import { errorsOf, isConditional } from '../statuses';

/** A part of a document. */
export type Json = Readonly<Record<string, unknown>>;

/** A schema as a document has it: a reference where it is one of those that the document has names for. */
export type Described = (schema: TSchema) => Json;

/** What ajv is told beside JSON Schema; see `schemas/types.ts`. */
const ownKeywords = ['mustBe', 'hint'];

/** Keywords of JSON Schema 2020-12 whose values are schemas: one, a list of them, or several by name. */
const single = ['items', 'additionalProperties'];
const several = ['anyOf', 'allOf', 'oneOf'];
const named = ['properties', 'patternProperties'];

/** The schema without our own keywords, each schema in it as `inner` has it. */
function inOpenApi(schema: TSchema, inner: Described): Json {
  const described = (keyword: string, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if (single.includes(keyword)) return inner(value as TSchema);
    if (several.includes(keyword)) return (value as TSchema[]).map(inner);
    if (!named.includes(keyword)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inner(each as TSchema)]));
  };
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !ownKeywords.includes(keyword))
      .map(([keyword, value]) => [keyword, described(keyword, value)]),
  );
}

/** The schema and those that it is made of. */
function* partsOf(schema: TSchema): Generator<TSchema> {
  yield schema;
  for (const [keyword, value] of Object.entries(schema)) {
    if (typeof value !== 'object' || value === null) continue;
    if (single.includes(keyword)) yield* partsOf(value as TSchema);
    else if (several.includes(keyword) || named.includes(keyword))
      for (const each of Object.values(value)) yield* partsOf(each as TSchema);
  }
}

/** Those of bodies, replies and errors. Parameters of a query stand where they are sent. */
const schemasOf = ({ endpoints, errors }: Api): TSchema[] => [
  ...endpoints.flatMap(({ schemas }) => [schemas?.body, schemas?.reply].filter((schema) => schema !== undefined)),
  errors,
];

/**
 * The schemas that have a title, by it; and how to refer to them. Of two that share one and are not the same, as where one
 * is described anew in its place, the first has the name, and the others stand where they are.
 */
export function schemasIn(apis: readonly Api[]): { readonly schemas: Json; readonly described: Described } {
  const titled = new Map<string, TSchema>();
  for (const schema of apis.flatMap(schemasOf))
    for (const part of partsOf(schema)) if (part.title && !titled.has(part.title)) titled.set(part.title, part);
  const texts = new Map([...titled].map(([title, schema]) => [title, JSON.stringify(schema)]));
  const described: Described = (schema) =>
    schema.title && texts.get(schema.title) === JSON.stringify(schema)
      ? { $ref: `#/components/schemas/${schema.title}` }
      : inOpenApi(schema, described);
  const all = [...titled].map(([title, schema]) => [title, inOpenApi(schema, described)]);
  return { schemas: Object.fromEntries(all), described };
}

const schemaIn = ({ describe }: Pick<Format, 'describe'>, schema: TSchema, described: Described): object =>
  describe?.(schema as never, described as never) ?? described(schema);

/** What may be sent, by media types, with an example as clients write it. The name of the root of XML is of no account. */
export function bodyContent(formats: readonly Format[], schema: TSchema, described: Described): Json {
  const [example] = (schema.examples ?? []) as unknown[];
  const content = formats.flatMap(({ types, describe, sample }) => {
    const body = {
      schema: describe === asText ? asText() : described(schema),
      ...(sample && { example: sample(example, schema as Schema) }),
    };
    return types.map((type) => [type, body]);
  });
  return Object.fromEntries(content);
}

/** What may be answered, by media types. What is no JSON has an example: it is written as the answer would be. */
export function replyContent(formats: readonly Format[], schema: TSchema, described: Described): Json {
  const [example] = (schema.examples ?? []) as unknown[];
  const content = formats.filter(isWritten).flatMap((format) => {
    const body = {
      schema: schemaIn(format, schema, described),
      ...(format.describe && { example: format.encode(example) }),
    };
    return format.types.map((type) => [withoutParameters(type), body] as const);
  });
  return Object.fromEntries(content);
}

const isWritten = (format: Format): format is AnswerFormat => format.encode !== undefined;

/** What the answers of an API that fail with a status are called in its document. */
export const errorName = ({ errors }: Api, status: number): string => `${errors.title}${status}`;

/** How any path answers methods that it does not have: the `default` of its operations, since it is the answer to none of them. */
const METHOD_NOT_ALLOWED: ErrorCode = 'METHOD_NOT_ALLOWED';

/** The answers by which an API says no, one for each status, with an example for each reason. */
export function errorResponses(api: Api, described: Described): Json {
  const codes = [
    ...new Set<ErrorCode>(api.endpoints.flatMap((endpoint) => [...errorsOf(api, endpoint), METHOD_NOT_ALLOWED])),
  ];
  const all = [...new Set(codes.map((code) => statuses[code]))].sort((one, other) => one - other);
  const responses = all.map((status) => {
    const reasons = codes.filter((code) => statuses[code] === status);
    const content = api.formats.filter(isWritten).flatMap((format) => {
      const { problem } = format;
      const { describe, encode } = problem ?? format;
      const examples = reasons.map((code) => {
        const error = api.refuse(new Problem(code), '/');
        return [code, { summary: problems[code], value: describe ? encode(error) : error }];
      });
      const body = {
        schema: schemaIn(problem ?? format, api.errors, described),
        examples: Object.fromEntries(examples),
      };
      return (problem ? [problem.type] : format.types).map((type) => [type, body]);
    });
    const response = {
      description: STATUS_CODES[status],
      headers: errorHeaders(status),
      content: Object.fromEntries(content),
    };
    return [errorName(api, status), response];
  });
  const isAnyConditional = api.endpoints.some(isConditional);
  return { ...Object.fromEntries(responses), ...(isAnyConditional && { NotModified: notModified }) };
}

const text = { type: 'string' };
const entityTag = { ETag: { description: 'What the answer is known by.', schema: text } };

/** RFC 9110, 15.4.5. */
const notModified = { description: 'The client has the answer already, by the ETag that it sent.', headers: entityTag };

/** RFC 9110, 15.5.6, 11.6.1 and 10.2.3. */
function errorHeaders(status: number): Json {
  if (status === statuses[METHOD_NOT_ALLOWED])
    return { Allow: { description: 'The methods that the path has.', schema: text } };
  if (status === 401) return { 'WWW-Authenticate': { description: 'Which credentials would do.', schema: text } };
  const again = { 'Retry-After': { description: 'When to try again, in seconds.', schema: { type: 'integer' } } };
  return [429, 503, 507].includes(status) ? again : {};
}

export const replyHeaders = (isConditional: boolean): Json => (isConditional ? entityTag : {});
