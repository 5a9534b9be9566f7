/*
 * `src/roster/oneroster/`: OneRoster CSV, 1.0 to 1.2: a bundle is opened, surveyed, read and merged into the roster; what is over
 * stays as it was (`past.ts`). `export.ts` writes one.
 */
import type { Database } from '../../database/database';
import { openLedger } from '../../ledger/ledger';
import type { ExtensionTables } from '../combine-enrollments';
import { openCorrections } from '../corrections';
import { openEnrollmentRows } from '../enrollment-rows';
import { openErasures } from '../erasures';
import { adopt, adoptPeople, type OtherNames, unlistedEnrollments } from './adoption';
import { aliasesOf, forgetAliases, inGroups, openSaidBefore, runningOf, united } from './aliases';
import { type Bundle, type BundleFile, type Manifest, type Mode, openBundle, readManifest } from './bundle';
import { openClassTypes } from './class-types';
import { countedBefore } from './counted-days';
import type { Row } from './csv';
import { openDoubles } from './doubles';
import { type FileSpec, fileSpecs } from './files';
import { keepFormerTerms, termsBefore } from './former-terms';
import { inChunks, type Listed, mergerOf } from './merge';
import { openMovedSections } from './moved-sections';
import { type Orphans, openOrphans } from './orphans';
import { CORRECTING, openPast, type PastOptions } from './past';
import { readerOf, referencesFor, sectionTerms } from './reader';
import { readingOf } from './reading';
import {
  add,
  emptyReport,
  FileError,
  type ImportReport,
  type Progress,
  progressOf,
  type Refusal,
  type Warn,
  warningsInto,
} from './report';
import { type Shrunk, shrunkIn } from './shrunk';
import { BundleError } from './source';
import { type Ending, newestModified, openModified, type Survey, surveyOf } from './survey';
import { followTerms, saidDays, spansOf } from './term-days';
import { openTermMoves, type TermMoves } from './term-moves';

export interface ImportOptions {
  /** The district's today, on which enrollments end that are no longer listed. */
  readonly today: string;
  /** IANA, of the district. */
  readonly timeZone?: string;
  /** Also where a newer bundle was imported before. */
  readonly force?: boolean;
  /** Says that the past was wrong where the roster has it otherwise: rolls that were taken follow. */
  readonly correctPast?: boolean;
  /** How many running enrollments a bulk file may end, however large a part of a school that is. */
  readonly allowEnding?: number;
  /** What other systems call people whom they have added. */
  readonly otherNames?: OtherNames;
  /** The tables in which APIs keep something of enrollments on days. */
  readonly extensions?: ExtensionTables;
  /** How many rows of a file are read and written together; without one as many as is fast. */
  readonly rowsAtOnce?: number;
  readonly onProgress?: (progress: Progress) => void;
}

/** A bundle whose manifest has been read. */
export interface OneRoster extends Bundle, Manifest {}

const wanted = new Set(['manifest', 'roles', ...fileSpecs.map(({ file }) => file.toLowerCase())]);

/** Opens a OneRoster CSV bundle, 1.0 to 1.2, a folder or a zip. Throws BundleError where the source is none. */
export async function openOneRoster(source: string): Promise<OneRoster> {
  const bundle = await openBundle(source, wanted);
  try {
    if (!fileSpecs.some(({ file }) => bundle.files.has(file.toLowerCase())))
      throw new BundleError(`${source} has none of ${fileSpecs.map(({ file }) => `${file}.csv`).join(', ')}.`);
    return { ...bundle, ...(await readManifest(bundle)) };
  } catch (error) {
    bundle.close();
    throw error;
  }
}

/**
 * Imports an opened bundle into a district, and closes it. Idempotent by sourcedId. What can be understood goes in;
 * what cannot is reported by file, line, column and reason. Throws BundleError where nothing of it may be taken.
 */
export async function importOneRoster(
  database: Database,
  district: number,
  bundle: OneRoster,
  options: ImportOptions,
): Promise<ImportReport> {
  try {
    return await importInto(database, district, bundle, options);
  } finally {
    bundle.close();
  }
}

async function importInto(
  database: Database,
  district: number,
  bundle: OneRoster,
  { onProgress = () => undefined, ...options }: ImportOptions,
): Promise<ImportReport> {
  const started = new Date().toISOString();
  const report = emptyReport();
  const warn = warningsInto(report.warnings);
  const modified = openModified(database);
  const before = await modified.of(district);
  // A district that knows nobody has nothing to lose: its first bundle is read once.
  const survey = before.hasRoster ? await surveyOf(bundle) : undefined;
  if (survey?.modified && before.modified && survey.modified < before.modified && !options.force)
    throw new BundleError(
      `The bundle is older than the last one: its newest dateLastModified is ${survey.modified}, that of the last one ` +
        `was ${before.modified}. Nothing was done. --force imports it all the same.`,
    );
  warnOfManifest(bundle, warn);
  // Before anything is ended: schools, classes and users are read before the enrollments that are in them.
  const limits = { today: options.today, allowed: options.allowEnding ?? 0 };
  const shrunk = survey ? await shrunkIn(database, district, bundle, survey, limits) : new Map<string, string>();
  const progress = progressOf(bundle, onProgress);
  const newestSeen = newestModified();
  const { today, correctPast = false } = options;
  const past = { today, correctPast, counted: await countedBefore(database, district, today) };
  const moves = await openTermMoves(database, district);
  const orphans = openOrphans(database, district, today, report);
  const read = { past, orphans, warn, survey, shrunk, progress, newestSeen, moves };
  const context: Context = { database, district, bundle, options, report, ...read };
  const [spans, terms] = [await spansOf(database, district), await termsBefore(database, district, past)];
  for (const spec of fileSpecs) {
    await importFile(spec, context);
    if (spec.file !== 'classes') continue;
    await orphans.ofSchools();
    await followTerms(database, district, { before: spans, moves }, past, report);
    await keepFormerTerms(database, district, { before: terms, moves }, past, report);
  }
  if (options.correctPast) await touchCorrected(database, district, started);
  const newest = survey?.modified ?? newestSeen.at();
  if (newest && (options.force || newest > (before.modified ?? ''))) await modified.set(district, newest);
  return report;
}

/** Answers about sections whose past was corrected are others from now on. */
async function touchCorrected(database: Database, district: number, since: string): Promise<void> {
  const actor = { district, api: CORRECTING, client: null, person: null };
  const sections = await openCorrections(database).sections(database, district, since);
  for (let at = 0; at < sections.length; at += SECTIONS)
    await openLedger(database).open(async (transaction) => {
      await transaction.hold(sections.slice(at, at + SECTIONS), actor);
      await transaction.touch(sections.slice(at, at + SECTIONS), actor);
    });
}

/** In one transaction. */
const SECTIONS = 1_000;

interface Context {
  readonly database: Database;
  readonly district: number;
  readonly bundle: OneRoster;
  readonly options: ImportOptions;
  readonly past: PastOptions;
  readonly report: ImportReport;
  readonly warn: Warn;
  readonly orphans: Orphans;
  /** Undefined where nothing was imported before. */
  readonly survey: Survey | undefined;
  readonly shrunk: Shrunk;
  readonly newestSeen: ReturnType<typeof newestModified>;
  readonly moves: TermMoves;
  readonly progress: ReturnType<typeof progressOf>;
}

function warnOfManifest({ unsaid }: OneRoster, warn: Warn): void {
  const taken = 'it was taken for bulk, so that what it does not list is over.';
  const ofFile = { line: 0, column: '' };
  if (unsaid === 'manifest') warn({ file: 'manifest.csv', ...ofFile }, `It is not there: of every file ${taken}`);
  else
    for (const file of unsaid)
      warn({ file, ...ofFile }, `The manifest does not say whether it is bulk or delta: ${taken}`);
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
    const whole = spec.file === 'enrollments' ? context.shrunk.get('enrollments') : undefined;
    const unended = whole ?? (await mergeFile(spec, file, mode, context));
    if (unended) refuseFile(unended);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    refuseFile(error.message, error.line, error.file);
    if (error.file !== name) refuseFile(`It was not read, as it goes with ${error.file}.`);
  }
}

const OUTLIVED =
  'The same enrollment has other rows, and the file does not have all of them: it goes on, with the days that it has.';

/** Merges a file, and ends what it does not list; else says why not. */
async function mergeFile(spec: FileSpec, file: BundleFile, mode: Mode, context: Context): Promise<string | undefined> {
  const { database, district, bundle, options, past: pastOptions, report, warn, moves, orphans } = context;
  const moverIn = ({ sourcedId, line }: Listed) => [sourcedId, { file: file.name, line }] as const;
  const erasures = openErasures(database);
  const refuse = (refusal: Refusal) => report.refused.push(refusal);
  const isBelieved = (file: Ending) => !context.shrunk.has(file);
  const references = await referencesFor(spec.file, database, district, bundle, refuse, isBelieved);
  const terms = spec.terms && sectionTerms(database, district, references, pastOptions);
  const aliases = new Map(await aliasesOf(database, spec.table, district));
  if (spec.file === 'users') {
    const exported = await adoptPeople(database, district, file, options.otherNames ?? [], report, warn);
    for (const [name, id] of exported) aliases.set(name, { id, sourcedId: null });
  }
  const adopting = spec.file === 'enrollments' ? await openAdopting(database, district) : undefined;
  const reading = readingOf(spec, file, options, warn);
  const isEnrollments = spec.file === 'enrollments';
  // Where nobody was known before, whoever is there now is listed by this bundle.
  const isFirst = context.survey === undefined && (isEnrollments || spec.file === 'users');
  const past = isEnrollments ? await openPast(database, district, pastOptions, report) : undefined;
  const doubles = isEnrollments ? openDoubles(database, district, options.extensions ?? [], file.size) : undefined;
  const moved = spec.table === 'sections' ? openMovedSections(database, district, pastOptions, report) : undefined;
  const types = moved && openClassTypes(database, district, pastOptions, report, warn);
  const merger = mergerOf(database, spec, district, options.today, { past, moved, types, orphans, file: file.name });
  const reader = readerOf(spec, file.name, { references, reading, aliases }, report);
  const counts = report.counts[spec.file];
  const primary = new Set([...aliases.values()].map(({ sourcedId }) => sourcedId));
  const isOneOfSeveral = (sourcedId: string) => aliases.has(sourcedId) || primary.has(sourcedId);
  /** Rows of enrollments that are listed by several sourcedIds: they are taken together. */
  const several: ReturnType<typeof reader.told> = [];
  const take = async (rows: Row[]) => {
    await reading.prepare(rows);
    if (!context.survey) for (const row of rows) context.newestSeen.add(row);
    const all = reader.told(rows);
    const told = isEnrollments && aliases.size > 0 ? all.filter(({ sourcedId }) => !isOneOfSeveral(sourcedId)) : all;
    if (told.length < all.length) several.push(...all.filter(({ sourcedId }) => isOneOfSeveral(sourcedId)));
    const known = isFirst ? new Set<string>() : await merger.known(told.map(({ sourcedId }) => sourcedId));
    const { listed, deleted } = reader.read(told, known, await erasures.of(district));
    const here = (await adopting?.(listed, known)) ?? listed;
    const merged = await merger.merge(here, known, deleted);
    add(counts, merged);
    const changed = new Set(spec.table === 'terms' || terms ? merged.changed : []);
    if (spec.table === 'terms') for (const row of here) if (changed.has(row.sourcedId)) moves.session(...moverIn(row));
    // Of a first bundle all are new, and nothing stands beside them but other rows.
    for (const row of here) doubles?.add(row, context.survey !== undefined && past!.isNews(row.sourcedId));
    const others = (await terms?.(listed)) ?? new Set();
    for (const row of listed) {
      if (!others.has(row.sourcedId)) continue;
      moves.class(...moverIn(row));
      if (!changed.has(row.sourcedId)) counts.updated++;
    }
  };
  await inChunks(file, context.progress, take, options.rowsAtOnce);
  // A delta does not say what is still listed, nor does a file that breaks off.
  const isWhole = mode === 'bulk' && whyNotEnd(0, reader, file) === undefined;
  const isUnsaid = (sourcedId: string) => !isWhole || reader.isTold(sourcedId);
  const enrollmentRows = openEnrollmentRows(database);
  const tidy = isEnrollments && (() => database.transaction((tx) => enrollmentRows.tidy(tx, district)));
  const known = isEnrollments && aliases.size > 0 ? await enrollmentRows.of(database, district) : undefined;
  const daysOf = (sourcedId: string, section: number) => {
    const said = known?.get(sourcedId);
    return said && saidDays(said, references.spans.get(section));
  };
  /** The sourcedIds of those of them that the file has. */
  const taken = new Set<string>();
  for (const some of inGroups(several, aliases)) {
    const ids = some.map(({ sourcedId }) => sourcedId);
    const read = reader.read(some, new Set(ids), await erasures.of(district));
    const running = await runningOf(
      database,
      district,
      ids.map((id) => aliases.get(id)?.sourcedId ?? id),
    );
    const {
      listed,
      apart,
      deleted,
      forgotten,
      renamings,
      outlived,
      rows: said,
    } = united(read.listed, read.deleted, aliases, running, { told: ids, isUnsaid, daysOf, today: options.today });
    await forgetAliases(database, district, forgotten, renamings);
    await database.transaction((tx) => enrollmentRows.write(tx, district, said));
    const rows = [...listed, ...apart];
    for (const row of rows) {
      taken.add(row.sourcedId);
      doubles?.add(row, true);
    }
    add(counts, await merger.merge(rows, await merger.known(rows.map(({ sourcedId }) => sourcedId)), deleted));
    const lines = new Map(some.map(({ sourcedId, row }) => [sourcedId, row.line]));
    for (const sourcedId of outlived)
      warn({ file: file.name, line: lines.get(sourcedId)!, column: 'sourcedId' }, OUTLIVED);
  }
  if (isEnrollments && isWhole)
    await forgetAliases(
      database,
      district,
      [...aliases.keys()].filter((sourcedId) => !reader.isTold(sourcedId)),
    );
  // A delta does not say what is still listed: all of it may be.
  const isListed = mode === 'bulk' ? reader.isListed : () => true;
  // Before any are united: what is over by now does not run beside what is listed.
  const gone = mode === 'bulk' && !isFirst ? await merger.unlisted(reader.isListed) : [];
  const why =
    gone.length > 0
      ? (whyNotEnd(gone.length, reader, file) ?? whyNotBelieved(spec, gone.length, context))
      : context.shrunk.get(spec.file); // what it does not list has ended before, and not all of its enrollments
  if (why === undefined) counts.ended += await merger.end(gone);
  const saidBefore = openSaidBefore(aliases, daysOf, references.spans);
  const saidOf: typeof saidBefore = (sourcedId, stands) =>
    taken.has(sourcedId) || reader.isListed(sourcedId) ? stands : saidBefore(sourcedId, stands);
  if (tidy) await tidy(); // before and after: what one of several says is no longer what it says alone
  for (const { line, reason } of (await doubles?.combine(file, isListed, saidOf, past!)) ?? [])
    warn({ file: file.name, line, column: 'userSourcedId' }, reason);
  if (tidy) await tidy();
  return why;
}

/** OneRoster CSV: a bulk file lists everything, so that what it does not list is over; unless it is the file that is wrong. */
function whyNotEnd(gone: number, reader: ReturnType<typeof readerOf>, { endsOpen }: BundleFile): string | undefined {
  if (reader.untold() > 0)
    return `Rows refused: ${reader.untold()}. They may be about the ${gone} not listed; nothing was ended.`;
  if (endsOpen && reader.endsRefused()) return `It breaks off in its last line; the ${gone} not listed were not ended.`;
  return reader.count() === 0 ? 'It lists nothing; nothing was ended.' : undefined;
}

/** A file that shrank ends nothing; nor does any, where that of the enrollments did. */
function whyNotBelieved({ file }: FileSpec, gone: number, { bundle, shrunk }: Context): string | undefined {
  if (!shrunk.has('enrollments')) return shrunk.get(file);
  return `${bundle.files.get('enrollments')!.name} was refused; so the ${gone} not listed here were not ended.`;
}

/**
 * Gives the enrollments that other systems have made the sourcedIds of the rows that are about the same. Answers the rows
 * that are not merely these, as `roster export` has named them.
 */
async function openAdopting(database: Database, district: number) {
  const { ids, exported } = await unlistedEnrollments(database, district);
  if (ids.size === 0) return undefined;
  return async (rows: readonly Listed[], known: Set<string>): Promise<Listed[]> => {
    const keyOf = ({ values }: Listed) => `${values.section_id} ${values.person_id}`;
    const listed = rows.filter((row) => row.values.admin || exported.get(row.sourcedId) !== keyOf(row));
    const adopted: { id: number; sourcedId: string }[] = [];
    for (const row of listed) {
      const { sourcedId, values } = row;
      const key = keyOf(row);
      const id = values.admin || known.has(sourcedId) ? undefined : ids.get(key);
      if (id === undefined) continue;
      ids.delete(key);
      known.add(sourcedId);
      adopted.push({ id, sourcedId });
    }
    await database.transaction((tx) => adopt(database, tx, 'enrollments', district, adopted));
    return listed;
  };
}
