import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ErrorObject, type Options, type SchemaObject } from 'ajv';
import addFormats from 'ajv-formats';
import { lazy } from '../lib/lazy';
import { preview } from '../lib/preview';
import type { ErrorCode, Violation } from '../lib/problem';
import { Problem } from '../lib/problem';
import { root } from '../lib/root';

/** Hands the value on where it is as the schema has it; throws Problem otherwise. */
export type Check = <T>(value: T) => T;

const options: Options = { allowUnionTypes: true, strict: true, verbose: true };

/** JSON is checked as it is typed; query strings are text, and coerced. */
const typed = addFormats(new Ajv(options));
const textual = addFormats(new Ajv({ ...options, coerceTypes: true, useDefaults: true }));

export const bodyCheck = (name: string): Check => checkWith(typed, name, 'BODY_INVALID');
export const queryCheck = (name: string): Check => checkWith(textual, name, 'QUERY_INVALID');
export const replyCheck = (name: string): Check => checkWith(typed, name, 'INTERNAL');

/** A schema's id is its path below `schemas/`. */
export const schemaNamed = (name: string): SchemaObject =>
  JSON.parse(readFileSync(join(root, 'schemas', `${name}.json`), 'utf8'));

/** Compiled when something is first held against it, so that a start waits for none. */
function checkWith(ajv: Ajv, name: string, code: ErrorCode): Check {
  const compiled = lazy(() => ajv.getSchema(name) ?? ajv.compile(schemaNamed(name)));
  return (value) => {
    const validate = compiled();
    if (validate(value)) return value;
    const violations = (validate.errors ?? []).map(violationOf);
    throw new Problem(code, violations.map(({ field, message }) => `${field} ${message}`).join('; '), { violations });
  };
}

/**
 * In the words of the API: `attendances.attendance must be array,object, not "x"`. A schema whose `title` says what
 * would be right has it said so, and the first of its `examples` is the hint.
 */
function violationOf({ instancePath, params, message, data, keyword, parentSchema }: ErrorObject): Violation {
  const missing = keyword === 'required' ? `/${params.missingProperty}` : '';
  const field = (instancePath + missing).slice(1).replaceAll('/', '.') || 'body';
  if (missing) return { field, message: 'is missing', rule: keyword };
  const { title, examples } = parentSchema ?? {};
  const right = title ? `must be ${title}` : (message ?? 'is not valid');
  return {
    field,
    message: `${right}, not ${preview(data)}`,
    rule: keyword,
    ...(examples && { hint: String(examples[0]) }),
  };
}
