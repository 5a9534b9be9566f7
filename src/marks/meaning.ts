import type { Database } from '../database/database';
import { Status } from '../ledger/attendance';
import { type Code, openCodes } from '../ledger/codes';
import { openSchoolYears, type SchoolYear, yearIdOn } from '../roster/school-years';
import { shown } from '../shown';
import { RIGHT_STATUS, type Wish, wrong } from './row';

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
    const known = await codes.known(district, school, year);
    if (known.length > 0 || !isCoded) return known;
    return dryRun ? codes.offered(school, year) : codes.of(district, school, year);
  }

  /** Throws RowError where it is none, or says two things. */
  return async ({ status, code, date }: Wish, school: number | null): Promise<Meaning> => {
    years ??= schoolYears(district);
    const year = yearIdOn(date, await years);
    const isCoded = code !== '' || !isOurs(status);
    const key = `${school} ${year} ${isCoded}`;
    if (!met.has(key)) met.set(key, school === null ? Promise.resolve([]) : codesOf(school, year, isCoded));
    const list = await met.get(key)!;
    const said = status === '' ? undefined : meaningOf('status', status, list);
    const coded = code === '' ? undefined : meaningOf('code', code, list);
    if (said && coded && said.status !== coded.status)
      throw wrong('code', `${shown(code)} does not mean ${shown(status)} at this school.`);
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
      `${shown(text)} is a status, and a code of the school for another one; the column code would say which.`,
    );
  if (status) return { status, code: code?.id };
  if (code) return { status: code.status, code: code.id };
  const right = column === 'code' ? `a code of the school, ${codes.map((each) => each.code).join(', ')}` : RIGHT_STATUS;
  throw wrong(column, `must be ${right}, not ${shown(text)}.`);
}
