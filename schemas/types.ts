/**
 * What the schemas are written with beside TypeBox. They are JSON Schemas: `title`, `description` and `examples` are for who
 * reads them. Two keywords are our own. `mustBe` says in an error what would be right, "must be <mustBe>, not ...", where ajv's
 * words do not do; `hint` is sent with the error as an example of it. `xml` is OpenAPI's: how a value is written in XML, where that
 * is not as its name is.
 */
import {
  type ObjectOptions,
  type SchemaOptions,
  type Static,
  type TProperties,
  type TSchema,
  Type,
} from '@sinclair/typebox';

/** The type of the values of a schema; of none where there is no schema. */
export type TypeOf<Schema> = Schema extends TSchema ? ReadonlyDeep<Static<Schema>> : object;

type ReadonlyDeep<Value> = Value extends readonly (infer Item)[]
  ? readonly ReadonlyDeep<Item>[]
  : Value extends object
    ? { readonly [Name in keyof Value]: ReadonlyDeep<Value[Name]> }
    : Value;

/** An object with these properties and no others. */
export const closed = <Properties extends TProperties>(properties: Properties, options: ObjectOptions = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options });

/** One of these values. An `enum`, which has one error, where a union of literals has one for each. */
export const oneOf = <const Values extends readonly (string | number | null)[]>(
  values: Values,
  options: SchemaOptions = {},
) => Type.Unsafe<Values[number]>({ enum: values, ...options });

/** A value of a schema that has a `type`, or null. */
export const nullable = <Schema extends TSchema>(schema: Schema, options: SchemaOptions = {}) =>
  Type.Unsafe<Static<Schema> | null>({ ...schema, type: [schema.type, 'null'], ...options });

/** An object of which the schema says no more. */
export const anyObject = (options: SchemaOptions = {}) =>
  Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object', ...options });

/**
 * A parameter of a query is a text, which endpoints read. An empty one is refused: it would ask for everything where somebody
 * means one thing.
 */
export const parameter = (description: string, example: string) =>
  Type.Optional(Type.String({ minLength: 1, mustBe: 'left out or have a value', description, examples: [example] }));

/** A parameter that is a whole number from one to another, both included, which its pattern says. */
export const numberParameter = (description: string, example: string, [least, most]: readonly [0 | 1, number]) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      pattern: `^(?:${[...(least === 0 ? ['0'] : []), ...upTo(String(most))].join('|')})$`,
      mustBe: `a whole number from ${least} to ${most}`,
      description,
      examples: [example],
    }),
  );

/** A parameter that is a day; which days there are is up to who reads it. */
export const dayParameter = (description: string, example = '2025-10-06') =>
  Type.Optional(
    Type.String({
      minLength: 1,
      format: 'date',
      mustBe: 'a day, YYYY-MM-DD',
      description,
      examples: [example],
    }),
  );

/** A parameter of this pattern. */
export const patternParameter = (pattern: string, mustBe: string, description: string, example: string) =>
  Type.Optional(Type.String({ minLength: 1, pattern, mustBe, description, examples: [example] }));

/** A parameter that is one of these words. */
export const wordParameter = <const Words extends readonly string[]>(
  words: Words,
  mustBe: string,
  description: string,
  example: Words[number],
) => Type.Optional(oneOf(words, { type: 'string', mustBe, description, examples: [example] }));

/** A parameter that is yes or no. */
export const yesOrNoParameter = (description: string, example: 'yes' | 'no') =>
  wordParameter(['yes', 'no'], 'yes or no', description, example);

/** Whether only what would change is asked for. */
export const dryRunParameter = (description: string, example: 'yes' | '1') =>
  wordParameter(['yes', 'no', '1', '0', 'true', 'false'], 'yes or no, or 1 or 0', description, example);

/** Patterns that together match the whole numbers from 1 to that of these digits. */
function upTo(digits: string): string[] {
  if (/^9+$/.test(digits)) return [`[1-9]\\d{0,${digits.length - 1}}`];
  const shorter = digits.length > 1 ? [`[1-9]\\d{0,${digits.length - 2}}`] : [];
  const less = [...digits].flatMap((digit, place) => {
    const [least, rest] = [place === 0 ? 1 : 0, digits.length - place - 1];
    return Number(digit) > least ? [`${digits.slice(0, place)}[${least}-${Number(digit) - 1}]\\d{${rest}}`] : [];
  });
  return [...shorter, ...less, digits];
}

/** The same of APIs whose clients may send empty ones: an empty one is a missing one. */
export const parameterOrEmpty = (description: string, example: string) =>
  Type.Optional(Type.String({ description, examples: [example] }));
