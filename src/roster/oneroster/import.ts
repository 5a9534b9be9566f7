import type { Database } from '../../database/database';
import { openErasures } from '../erasures';
import { type Bundle, BundleError, type BundleFile, openBundle } from './bundle';
import { inChunks } from './chunks';
import { FileError } from './errors';
import { fileSpecs } from './files';
import type { FileSpec } from './files/spec';
import { type Mode, readManifest } from './manifest';
import { mergerOf } from './merge';
import { type Progress, progressOf } from './progress';
import { readerOf } from './reader';
import { referencesFor } from './references';
import { add, emptyReport, type ImportReport, type Refusal } from './report';
import { sectionTerms } from './section-terms';

export interface ImportOptions {
  /** The district's today, on which enrollments end that are no longer listed. */
  readonly today: string;
  readonly onProgress?: (progress: Progress) => void;
}

/** A bundle whose manifest has been read. */
export interface OneRoster extends Bundle {
  readonly modeOf: (file: FileSpec['file']) => Mode;
}

const wanted = new Set(['manifest', 'roles', ...fileSpecs.map(({ file }) => file.toLowerCase())]);

/** Opens a OneRoster CSV bundle, 1.1 or 1.2, a folder or a zip. Throws BundleError where the source is none. */
export async function openOneRoster(source: string): Promise<OneRoster> {
  const bundle = await openBundle(source, wanted);
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
  const { bundle, report } = context;
  const mode = bundle.modeOf(spec.file);
  const file = bundle.files.get(spec.file.toLowerCase());
  const name = file?.name ?? `${spec.file}.csv`;
  const refuseFile = (reason: string, line = 0, of = name) =>
    report.refused.push({ file: of, line, column: '', reason });
  if (mode === 'absent')
    return void (file && refuseFile('The manifest says that this file is absent; it was not read.'));
  if (!file) return void refuseFile(`The manifest says ${mode}, but the file is not there; nothing was ended.`);
  try {
    const unended = await mergeFile(spec, file, mode, context);
    if (unended) refuseFile(unended);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    refuseFile(error.message, error.line, error.file);
    if (error.file !== name) refuseFile(`It was not read, as it goes with ${error.file}.`);
  }
}

/** Merges a file, and ends what it does not list; else says why not. */
async function mergeFile(spec: FileSpec, file: BundleFile, mode: Mode, context: Context): Promise<string | undefined> {
  const { database, district, bundle, today, report } = context;
  const merger = mergerOf(database, spec, district, today);
  const erasures = openErasures(database);
  const refuse = (refusal: Refusal) => report.refused.push(refusal);
  const references = await referencesFor(spec.file, database, district, bundle, refuse);
  const terms = spec.terms && sectionTerms(database, district, references);
  const reader = readerOf(spec, file.name, references, report);
  const counts = report.counts[spec.file];
  await inChunks(file, context.progress, async (rows) => {
    const told = reader.told(rows);
    const known = await merger.known(told.map(({ sourcedId }) => sourcedId));
    const { listed, deleted } = reader.read(told, known, await erasures.of(district));
    add(counts, await merger.merge(listed, known, deleted));
    await terms?.(listed);
  });
  if (mode !== 'bulk') return undefined;
  const gone = await merger.unlisted(reader.seen);
  const why = gone.length > 0 && whyNotEnd(gone.length, reader.seen.size, reader.untold());
  if (why) return why;
  counts.ended += await merger.end(gone);
  return undefined;
}

/** OneRoster CSV: a bulk file lists everything, so that what it does not list is over; unless it is the file that is wrong. */
function whyNotEnd(gone: number, listed: number, untold: number): string | undefined {
  if (untold > 0) return `Rows refused: ${untold}. They may be about the ${gone} not listed; nothing was ended.`;
  return listed === 0 ? 'It lists nothing; nothing was ended.' : undefined;
}
