import type { TSchema } from '@sinclair/typebox';
import Ajv, { type ErrorObject, type Options } from 'ajv';
import addFormats from 'ajv-formats';
import { byNearness } from '../lib/edit-distance';
import { lazy } from '../lib/lazy';
import { preview } from '../lib/preview';
import type { ErrorCode, Violation } from '../lib/problem';
import { Problem } from '../lib/problem';
import type { Schema } from './formats/format';
import type { Media } from './media';

/** Hands the value on where it is as the schema has it; throws Problem otherwise. */
export type Check = <T>(value: T) => T;

const options: Options = { allowUnionTypes: true, strict: true, verbose: true };

/** JSON is checked as it is typed; query strings are text, and coerced. */
const typed = open(options);
const textual = open({ ...options, coerceTypes: true, useDefaults: true });

/** `mustBe` and `hint` are our own, see `violationOf`; `xml` is for documents. */
function open(options: Options): Ajv {
  return addFormats(new Ajv(options)).addVocabulary(['mustBe', 'hint', 'xml']);
}

export const bodyCheck = (schema: TSchema): Check => checkWith(typed, schema, 'BODY_INVALID');
export const replyCheck = (schema: TSchema): Check => checkWith(typed, schema, 'INTERNAL');

/** Of a query: each parameter comes once. */
export function queryCheck(schema: TSchema): Check {
  const check = checkWith(textual, schema, 'QUERY_INVALID');
  return (query) => {
    for (const name of Object.keys(schema.properties ?? {})) {
      const sent = (query as Readonly<Record<string, unknown>>)[name];
      if (Array.isArray(sent)) throw repeated(name, sent.length);
    }
    return check(query);
  };
}

function repeated(field: string, times: number): Problem {
  const message = `must come once, not ${times === 2 ? 'twice' : `${times} times`}`;
  return new Problem('QUERY_INVALID', `${field} ${message}`, { violations: [{ field, message, rule: 'type' }] });
}

/** How much of the name of a parameter is looked at and said: a client may call it anything, at any length. */
const LONGEST_NAME = 100;

/**
 * Refuses parameters that the schema of a query does not have, unless it takes others; without a schema there are none. Throws
 * QUERY_INVALID, which names those that there are, the likeliest first.
 */
export function checkNames(query: object, { properties = {}, additionalProperties }: Partial<TSchema> = {}): void {
  if (additionalProperties) return;
  const unknown = Object.keys(query).find((name) => !Object.hasOwn(properties, name));
  if (unknown === undefined) return;
  const field = unknown.slice(0, LONGEST_NAME);
  const [nearest, ...others] = byNearness(field, Object.keys(properties));
  const known = nearest ? [`${nearest} is`, ...(others.length > 0 ? [`and so are ${others.join(', ')}`] : [])] : [];
  const message = `is not known here; ${known.join(', ') || 'there are no parameters'}`;
  throw new Problem('QUERY_INVALID', `${field} ${message}`, { violations: [{ field, message }] });
}

/**
 * Reads a body by its media type, and holds it against its schema. A body that is not there is the `default` of the schema, where
 * that has one.
 */
export function bodyReading(media: Pick<Media, 'decoded'>, schema: TSchema) {
  const check = bodyCheck(schema);
  return (raw: Buffer, contentType: string | undefined): unknown =>
    check(
      raw.length === 0 && schema.default !== undefined
        ? schema.default
        : media.decoded(raw, contentType, schema as Schema),
    );
}

/** Compiled when something is first held against it, so that a start waits for none; ajv knows those that it has compiled. */
function checkWith(ajv: Ajv, schema: TSchema, code: ErrorCode): Check {
  const compiled = lazy(() => ajv.compile(schema));
  return (value) => {
    const validate = compiled();
    if (validate(value)) return value;
    const violations = (validate.errors ?? []).map(violationOf);
    throw new Problem(code, violations.map(({ field, message }) => `${field} ${message}`).join('; '), { violations });
  };
}

/** How long a text or a list must be, where ajv says what it "must NOT have". */
function sizeOf(keyword: string, limit: number): string | undefined {
  const [bound, of] = /^(min|max)(Length|Items)$/.exec(keyword)?.slice(1) ?? [];
  if (bound === undefined) return undefined;
  const what = of === 'Items' ? 'item' : 'character';
  return `must have at ${bound === 'min' ? 'least' : 'most'} ${limit} ${what}${limit === 1 ? '' : 's'}`;
}

/**
 * In the words of the API: `attendances.attendance must be array,object, not "x"`. A schema whose `mustBe` says what would
 * be right has it said so; its `hint` is an example of it. `title` and `examples` are for who reads the schema.
 */
function violationOf({ instancePath, params, message, data, keyword, parentSchema }: ErrorObject): Violation {
  const missing = keyword === 'required' ? `/${params.missingProperty}` : '';
  const unknown = keyword === 'additionalProperties' ? `/${params.additionalProperty.slice(0, LONGEST_NAME)}` : '';
  const field = (instancePath + missing + unknown).slice(1).replaceAll('/', '.') || 'body';
  if (missing) {
    const wanted = parentSchema?.properties?.[params.missingProperty]?.mustBe;
    return { field, message: wanted ? `is missing; it must be ${wanted}` : 'is missing', rule: keyword };
  }
  if (unknown) return { field, message: 'is not known here', rule: keyword };
  const { mustBe, hint } = parentSchema ?? {};
  if (!mustBe && params.limit === 1 && keyword === 'minLength')
    return { field, message: 'must not be empty', rule: keyword };
  const right = mustBe ? `must be ${mustBe}` : (sizeOf(keyword, params.limit) ?? message ?? 'is not valid');
  return {
    field,
    message: `${right}, not ${preview(data)}`,
    rule: keyword,
    ...(hint !== undefined && { hint: String(hint) }),
  };
}
