import { shown } from '../../shown';
import { FileError } from './errors';

/** The first record of a file, which names its columns. */
export interface Header {
  /** How many columns there are. */
  readonly width: number;
  /** Where a column stands, by its name in lower case. */
  readonly columns: ReadonlyMap<string, number>;
}

const separators = new Map([
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'bars'],
]);

/**
 * OneRoster CSV, "The first row in the CSV file must contain the header fields". Throws FileError where it does not have
 * what the file cannot do without; its text is not repeated, since a file without a header begins with a person.
 */
export function headerOf(file: string, record: readonly string[], line: number, required: readonly string[]): Header {
  const names = record.map((name) => name.toLowerCase());
  while (names.at(-1) === '') names.pop(); // a spreadsheet's empty columns
  const missing = required.filter((name) => !names.includes(name.toLowerCase()));
  if (missing.length > 0) throw new FileError(file, line, `${without(missing, record)} Nothing of it was read.`);
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) < index);
  if (twice !== undefined)
    throw new FileError(file, line, `The header has ${shown(twice)} twice; which one counts cannot be told.`);
  return { width: names.length, columns: new Map(names.map((name, index) => [name, index])) };
}

function without(missing: readonly string[], record: readonly string[]): string {
  const text = record.join(',').toLowerCase();
  for (const [separator, called] of separators)
    if (text.split(separator).some((name) => name.replaceAll('"', '').trim() === missing[0]!.toLowerCase()))
      return `The columns are separated by ${called}; they must be by commas.`;
  const count = record.length === 1 ? '1 column' : `${record.length} columns`;
  return `The first line has ${count}, but none is called ${missing.join(' or ')}; it must name the columns.`;
}
