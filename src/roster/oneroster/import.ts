import type { Database } from '../../database/database';
import { type Bundle, BundleError, type BundleFile, openBundle } from './bundle';
import { type Row, rowsOf } from './csv';
import { fileSpecs } from './files';
import type { FileSpec } from './files/spec';
import { type Mode, readManifest } from './manifest';
import { mergerOf } from './merge';
import { type Progress, progressOf } from './progress';
import { readerOf } from './reader';
import { referencesFor } from './references';
import { add, emptyReport, type ImportReport } from './report';
import { sectionTerms } from './section-terms';

export interface ImportOptions {
  /** The district's today, on which enrollments end that are no longer listed. */
  readonly today: string;
  readonly onProgress?: (progress: Progress) => void;
}

/** Rows a transaction: enough to be fast, few enough that the service can write in between. */
const CHUNK = 5_000;

/** A bundle whose manifest has been read. */
export interface OneRoster extends Bundle {
  readonly modeOf: (file: FileSpec['file']) => Mode;
}

/** Opens a OneRoster CSV bundle, 1.1 or 1.2, a folder or a zip. Throws BundleError where the source is none. */
export async function openOneRoster(source: string): Promise<OneRoster> {
  const bundle = await openBundle(source);
  try {
    if (!fileSpecs.some(({ file }) => bundle.files.has(file.toLowerCase())))
      throw new BundleError(`${source} has none of ${fileSpecs.map(({ file }) => `${file}.csv`).join(', ')}.`);
    return { ...bundle, modeOf: await readManifest(bundle) };
  } catch (error) {
    bundle.close();
    throw error;
  }
}

/**
 * Imports an opened bundle into a district, and closes it. Idempotent by sourcedId. What can be understood goes in;
 * what cannot is reported by file, line, column and reason.
 */
export async function importOneRoster(
  database: Database,
  district: number,
  bundle: OneRoster,
  { today, onProgress = () => undefined }: ImportOptions,
): Promise<ImportReport> {
  const report = emptyReport();
  const progress = progressOf(bundle, onProgress);
  try {
    for (const spec of fileSpecs) await importFile(spec, { database, district, bundle, today, report, progress });
    return report;
  } finally {
    bundle.close();
  }
}

interface Context {
  readonly database: Database;
  readonly district: number;
  readonly bundle: OneRoster;
  readonly today: string;
  readonly report: ImportReport;
  readonly progress: ReturnType<typeof progressOf>;
}

async function importFile(spec: FileSpec, context: Context): Promise<void> {
  const { database, district, bundle, today, report } = context;
  const mode = bundle.modeOf(spec.file);
  const file = bundle.files.get(spec.file.toLowerCase());
  const name = file?.name ?? `${spec.file}.csv`;
  const refuseFile = (reason: string) => report.refused.push({ file: name, line: 0, column: '', reason });
  if (mode === 'absent')
    return void (file && refuseFile('The manifest says that this file is absent; it was not read.'));
  if (!file) return void refuseFile(`The manifest says ${mode}, but the file is not there; nothing was ended.`);

  const merger = mergerOf(database, spec, district, today);
  const references = await referencesFor(spec.file, database, district, bundle);
  const terms = spec.file === 'classes' ? sectionTerms(database, district, references) : undefined;
  const reader = readerOf(spec, name, references, report);
  const counts = report.counts[spec.file];
  const take = async (rows: readonly Row[]) => {
    const known = await merger.known(rows.map((row) => row.get('sourcedId')));
    const { listed, deleted } = reader.read(rows, known);
    add(counts, await merger.merge(listed, known, deleted));
    await terms?.(rows);
  };
  try {
    await inChunks(file, context.progress, take);
    if (mode === 'bulk') counts.ended += await merger.endUnlisted(reader.seen);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    refuseFile(`The file cannot be read to its end: ${error.message}. Nothing was ended.`);
  }
}

/** Reads a file in chunks; never more than one of them is in memory. */
async function inChunks(
  file: BundleFile,
  progress: Context['progress'],
  take: (rows: Row[]) => Promise<void>,
): Promise<void> {
  const step = progress.start(file);
  let chunk: Row[] = [];
  for await (const row of rowsOf(file, step.bytes)) {
    chunk.push(row);
    if (chunk.length < CHUNK) continue;
    await take(chunk);
    step.rows(chunk.length);
    chunk = [];
  }
  if (chunk.length > 0) await take(chunk);
  step.rows(chunk.length);
}

/** An error of csv-parse, zlib or the file system; those of the database are thrown on. */
const isUnreadable = (error: unknown): error is Error =>
  /^(CSV_|Z_|ERR_ENCODING|EIO)/.test(String((error as { code?: string }).code));
