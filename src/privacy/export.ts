import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Database } from '../database/database';
import { csvOptions } from '../lib/csv';
import { personalData } from './personal-data';
import { rowsOf, type Subject } from './subject';

/** All that is held of the person as one JSON document, in pieces: what the fields mean, then data by data. */
export async function* jsonOf(database: Database, subject: Subject): AsyncGenerator<string> {
  const fields = Object.fromEntries(personalData.map(({ name, columns }) => [name, columns]));
  yield `{\n"exported_at": ${JSON.stringify(new Date())},\n"fields": ${JSON.stringify(fields, null, 2)}`;
  for (const data of personalData) {
    let count = 0;
    yield `,\n${JSON.stringify(data.name)}: {"rows": [`;
    for await (const row of rowsOf(database, data, subject)) yield `${count++ ? ',' : ''}\n${JSON.stringify(row)}`;
    yield `],\n"count": ${count}}`;
  }
  yield '\n}\n';
}

/** The same as a new folder of CSV files, one a data, and `fields.csv` with what the fields mean. */
export async function writeCsv(database: Database, subject: Subject, folder: string): Promise<string[]> {
  await mkdir(folder, { mode: 0o700 });
  const fields = personalData.flatMap(({ name, columns }) =>
    Object.entries(columns).map(([field, meaning]) => ({ file: `${name}.csv`, field, meaning })),
  );
  const files = [join(folder, 'fields.csv')];
  await writeTable(files[0]!, Readable.from(fields), ['file', 'field', 'meaning']);
  for (const data of personalData) {
    const file = join(folder, `${data.name}.csv`);
    await writeTable(file, Readable.from(rowsOf(database, data, subject)), Object.keys(data.columns));
    files.push(file);
  }
  return files;
}

/** For its owner alone; a file that exists is left as it is. */
export async function writePrivate(path: string, chunks: AsyncIterable<string>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  await pipeline(Readable.from(chunks), file.createWriteStream());
}

function writeTable(path: string, rows: Readable, columns: string[]): Promise<void> {
  const lines = stringify({ ...csvOptions, header: true, columns });
  return writePrivate(path, rows.pipe(lines).setEncoding('utf8'));
}
