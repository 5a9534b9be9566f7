import { answerOf, type OpenApi, operationsOf, type Schema } from './documents';

/** What clients rely on: what may be sent and what comes, a line for each; and what has to be sent. */
export interface Promises {
  readonly kept: ReadonlySet<string>;
  readonly demanded: ReadonlySet<string>;
}

/** Deeper than any schema here. */
const DEPTH = 12;

export function promisesOf(document: OpenApi): Promises {
  const [kept, demanded] = [new Set<string>(), new Set<string>()];
  for (const { path, method, operation } of operationsOf(document)) {
    const name = `${method.toUpperCase()} ${path}`;
    kept.add(name);
    for (const scheme of operation.security) kept.add(`${name} is called by ${JSON.stringify(scheme)}`);
    for (const parameter of operation.parameters) {
      kept.add(`${name} takes ${parameter.in} ${parameter.name}`);
      if (parameter.required) demanded.add(`${name} needs ${parameter.in} ${parameter.name}`);
    }
    for (const [type, { schema }] of Object.entries(operation.requestBody?.content ?? {}))
      for (const { at, says, required } of partsOf(document, schema)) {
        kept.add(`${name} takes ${type} ${at} ${says}`);
        if (required) demanded.add(`${name} needs ${type} ${at}`);
      }
    for (const status of Object.keys(operation.responses)) {
      if (status === 'default') continue; // whatever else there may be
      const { content = {} } = answerOf(document, operation, Number(status))!;
      kept.add(`${name} answers ${status} ${Object.keys(content).join(', ')}`);
      if (Number(status) >= 300) continue; // an API has one schema of errors
      for (const [type, { schema }] of Object.entries(content))
        for (const { at, says, required } of partsOf(document, schema)) {
          kept.add(`${name} answers ${status} ${type} ${at} ${says}`);
          if (required) kept.add(`${name} answers ${status} ${type} ${at} always`);
        }
    }
  }
  for (const [name, { content = {} }] of Object.entries(document.components.responses))
    for (const { schema } of Object.values(content))
      for (const { at, says } of partsOf(document, schema)) kept.add(`${name} is ${at} ${says}`);
  return { kept, demanded };
}

interface Part {
  readonly at: string;
  /** Of which kind it is. */
  readonly says: string;
  readonly required: boolean;
}

/** A schema and the fields that it has at any depth. */
function* partsOf(document: OpenApi, schema: Schema, at = '.', required = false, depth = 0): Generator<Part> {
  const name = String(schema.$ref ?? '')
    .split('/')
    .at(-1);
  const {
    type,
    enum: values,
    const: value,
    properties = {},
    items,
    anyOf,
  } = name ? document.components.schemas[name]! : schema;
  yield { at, required, says: `is ${JSON.stringify(value ?? values ?? type ?? 'anything')}` };
  if (depth > DEPTH) throw new Error(`${at} is too deep`);
  const needed = ((name ? document.components.schemas[name]! : schema).required ?? []) as string[];
  for (const [field, each] of Object.entries(properties as Readonly<Record<string, Schema>>))
    yield* partsOf(document, each, `${at}${field}.`, needed.includes(field), depth + 1);
  if (items) yield* partsOf(document, items as Schema, `${at}[].`, false, depth + 1);
  for (const [index, each] of ((anyOf ?? []) as Schema[]).entries())
    yield* partsOf(document, each, `${at}(${index})`, false, depth + 1);
}

/** What clients of the one document could not rely on in the other. */
export function brokenBy(before: Promises, now: Promises): string[] {
  const operations = [...before.kept].filter((line) => !line.includes(' ', line.indexOf(' ') + 1));
  const isOld = (line: string) => operations.some((operation) => line.startsWith(`${operation} `));
  return [
    ...[...before.kept].filter((line) => !now.kept.has(line)).map((line) => `no longer: ${line}`),
    ...[...now.demanded].filter((line) => !before.demanded.has(line) && isOld(line)).map((line) => `new: ${line}`),
  ];
}
