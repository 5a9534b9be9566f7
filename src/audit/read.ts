import { day, instant, integer, nullable, type RowOf, string } from '../database/rows';

/**
 * Whose records somebody was given: of the person, else of all who were in the section on the days, else of all in the
 * school, else in the district.
 */
export interface Read {
  readonly person?: number;
  readonly section?: number | undefined;
  readonly school?: number | null | undefined;
  /** The days that the records are of, inclusive; open where missing. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** How many there were, set once they are counted. Missing where the client, or a cache, has what was counted before. */
  records?: number;
  /** To which host they were sent, where nobody had asked for them, and by which webhook, if by one. */
  readonly sent?: { readonly webhook?: number; readonly host: string };
}

/** A read as it is kept. */
export const readRow = {
  id: integer,
  at: instant,
  api: string,
  client_id: nullable(integer),
  person_id: nullable(integer),
  endpoint: string,
  subject_id: nullable(integer),
  section_id: nullable(integer),
  school_id: nullable(integer),
  from_date: nullable(day),
  to_date: nullable(day),
  records: nullable(integer),
  webhook_id: nullable(integer),
  host: nullable(string),
  times: integer,
};
export type ReadRow = RowOf<typeof readRow>;

/** Of records of more people it is noted of which school, or of the district, they are. */
const FEW = 50;

/**
 * That records of these people were given, each of whom may have several, as a list of a school or of the district. That
 * there are none tells something of whoever was asked for: it is a read of no records.
 */
export function readOf(people: readonly number[], about: Pick<Read, 'school' | 'from' | 'to'> = {}): Read[] {
  const counts = new Map<number, number>();
  for (const person of people) counts.set(person, (counts.get(person) ?? 0) + 1);
  if (counts.size === 0 || counts.size > FEW) return [{ ...about, records: people.length }];
  return [...counts].map(([person, records]) => ({ ...about, person, records }));
}

/** A record of a person on a day. */
export interface DayRecord {
  readonly person_id: number;
  readonly date: string;
}

/** That the answer to a write shows these records. Where all of it was refused it shows none, and is no read. */
export const readByWrite = (records: readonly DayRecord[]): Read[] => (records.length > 0 ? readOnDays(records) : []);

/** That records of people on days were given. */
export function readOnDays(records: readonly DayRecord[]): Read[] {
  const days = records.map(({ date }) => date).sort();
  return readOf(
    records.map(({ person_id }) => person_id),
    { from: days[0], to: days.at(-1) },
  );
}
