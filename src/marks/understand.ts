import type { Database } from '../database/database';
import type { Actor } from '../ledger/actor';
import { Status } from '../ledger/attendance';
import { type Code, openCodes } from '../ledger/codes';
import { preview } from '../lib/preview';
import type { DateOrder } from '../lib/written-days';
import { openSchoolYears, type SchoolYear, yearIdOn } from '../roster/school-years';
import { RIGHT_STATUS, RowError, type RowRequest, rowRequestOf, type SentRow, wrong } from './row';
import { type Enrolled, openWhose, schoolOfDay } from './whose';

/** What a row says of a student, as the ledger takes it. */
export interface Meaning {
  readonly status: Status;
  readonly code: number | undefined;
}

const ours = new Map<string, Status>([
  ...Object.entries(Status),
  ...Object.values(Status).map((status) => [String(status), status] as const),
]);

/** Reads statuses: words and numbers, and in a school's own codes of the year. A dry run writes nothing here either. */
export function openMeanings(database: Database, district: number, { dryRun }: { readonly dryRun: boolean }) {
  const codes = openCodes(database);
  const schoolYears = openSchoolYears(database);
  const met = new Map<string, Promise<readonly Code[]>>();
  let years: Promise<readonly SchoolYear[]> | undefined;

  /** A school that has no codes yet begins with the usual ones as soon as one is met. */
  async function codesOf(school: number, year: number, isCoded: boolean): Promise<readonly Code[]> {
    const known = await codes.stored(district, school, year);
    if (known.length > 0 || !isCoded) return known;
    return dryRun ? codes.offered(school, year) : codes.of(district, school, year);
  }

  /** Throws RowError where it is none, or says two things. */
  return async ({ status, code, date }: RowRequest, school: number | null): Promise<Meaning> => {
    years ??= schoolYears(district);
    const year = yearIdOn(date, await years);
    const isCoded = code !== '' || !isOurs(status);
    const key = `${school} ${year} ${isCoded}`;
    if (!met.has(key)) met.set(key, school === null ? Promise.resolve([]) : codesOf(school, year, isCoded));
    const list = await met.get(key)!;
    const said = status === '' ? undefined : meaningOf('status', status, list);
    const coded = code === '' ? undefined : meaningOf('code', code, list);
    if (said && coded && said.status !== coded.status)
      throw wrong('code', `${preview(code)} does not mean ${preview(status)} at this school.`);
    return { status: (said ?? coded)!.status, code: (coded ?? said)!.code };
  };
}

const isOurs = (text: string): boolean => text === '' || ours.has(text.toLowerCase());

function meaningOf(column: 'status' | 'code', text: string, codes: readonly Code[]): Meaning {
  const code = codes.find((each) => each.code === text);
  const status = column === 'status' ? ours.get(text.toLowerCase()) : undefined;
  if (code && status && code.status !== status)
    throw wrong(
      column,
      `${preview(text)} is a status, and a code of the school for another one; the column code would say which.`,
    );
  if (status) return { status, code: code?.id };
  if (code) return { status: code.status, code: code.id };
  const right = column === 'code' ? `a code of the school, ${codes.map((each) => each.code).join(', ')}` : RIGHT_STATUS;
  throw wrong(column, `must be ${right}, not ${preview(text)}.`);
}

/** A row that is understood: whose mark it is, and which. */
export interface Understood {
  readonly request: RowRequest;
  readonly enrolled: Enrolled;
  readonly meaning: Meaning;
}

/** Reads rows for an actor: each is understood, or refused. `ignored` is told of headings that nobody knows. */
export function openUnderstanding(database: Database) {
  const whose = openWhose(database);
  return (
    actor: Actor,
    options: { readonly dryRun: boolean; readonly dateOrder?: DateOrder | undefined },
    ignored: Set<string>,
  ) => {
    const meanings = openMeanings(database, actor.district, options);
    return async (rows: readonly SentRow[]): Promise<(Understood | RowError)[]> => {
      const requests = rows.map((row) => orRefused(() => rowRequestOf(row, ignored, options.dateOrder)));
      const find = await whose(actor, requests.filter(isRight));
      const read = async (request: RowRequest): Promise<Understood | RowError> => {
        const enrolled = orRefused(() => find(request));
        if (!isRight(enrolled)) return enrolled;
        const meaning = await meanings(request, schoolOfDay(enrolled, request.date)).catch(refusalOf);
        return isRight(meaning) ? { request, enrolled, meaning } : meaning;
      };
      return Promise.all(requests.map((request) => (isRight(request) ? read(request) : request)));
    };
  };
}

export const isRight = <Right>(value: Right | RowError): value is Right => !(value instanceof RowError);

function orRefused<Value>(read: () => Value): Value | RowError {
  try {
    return read();
  } catch (error) {
    return refusalOf(error);
  }
}

function refusalOf(error: unknown): RowError {
  if (error instanceof RowError) return error;
  throw error;
}
