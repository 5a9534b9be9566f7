/*
 * `src/audit/`: Who read whose records, by which API or command, where the operator wants that to be kept. docs/audit.md says
 * for whom and for how long.
 */
import type { Database } from '../database/database';
import { text } from '../database/query';
import { oneOf } from '../database/rows';
import { FIRST_DAY, LAST_DAY } from '../days';
import type { Actor } from '../ledger/actor';
import type { Read } from './read';

/** Who reads. */
type Reader = Pick<Actor, 'district' | 'api' | 'client' | 'person'>;

/** How soon what was read is written, how often what is too old is removed, and how often it is said what was lost, in milliseconds. */
const SOON = 500;
const HOURLY = 3_600_000;
const OFTEN = 60_000;
/** How many reads may wait to be written: while the database is away they do. What comes beyond is lost, and counted. */
const MOST = 20_000;
/** How many are written, and how many that are too old are removed, in one transaction: a few milliseconds of SQLite. */
const CHUNK = 250;
/** In milliseconds. */
const DAY = 86_400_000;

const LONG_AGO = Number.NEGATIVE_INFINITY;
const isDue = (since: number): boolean => performance.now() - since >= OFTEN;

const columns = {
  district_id: 'bigint',
  at: 'timestamptz',
  api: 'text',
  client_id: 'bigint',
  person_id: 'bigint',
  endpoint: 'text',
  subject_id: 'bigint',
  section_id: 'bigint',
  school_id: 'bigint',
  from_date: 'date',
  to_date: 'date',
  records: 'bigint',
  webhook_id: 'bigint',
  host: 'text',
  times: 'bigint',
} as const;

/** What was read, as it is to be written. */
interface Noted {
  readonly row: readonly (string | number | null)[];
  times: number;
}

export type Audit = ReturnType<typeof openAudit>;

/** Who is told of what does not go well, of each once a minute at most. */
interface Troubles {
  /** How many reads could not be noted. */
  lost(count: number): void;
  /** They cannot be written just now, and wait. */
  fault(error: unknown): void;
}

const nobody: Troubles = { lost: () => undefined, fault: () => undefined };

/** Notes reads, and keeps them for so many days. */
export function openAudit(database: Database, days: number, told: Troubles = nobody) {
  const names = Object.keys(columns).join(', ');
  const insert = text(
    database.knex,
    `insert into reads (${names}) select ${names} from ${database.rows('rows', columns)} as noted`,
    undefined,
    { acrossDistricts: 'each row has that of its reader' },
  );
  const expire = text(
    database.knex,
    `delete from reads
    where (reads.district_id, reads.id) in (
        select old.district_id, old.id from reads as old where old.at < :before order by old.at limit ${CHUNK})
      and reads.at < :before returning 1 as one`,
    { one: oneOf(1) },
    { acrossDistricts: 'how long reads are kept is the same for all' },
  );
  const waiting = new Map<string, Noted>();
  let lost = 0;
  let [lostAt, faultAt, expiredAt] = [LONG_AGO, LONG_AGO, LONG_AGO];
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> | undefined;

  const hourly = setInterval(() => void flush(), HOURLY).unref();
  const later = () => {
    timer ??= setTimeout(() => void flush(), SOON).unref();
  };

  function add(key: string, noted: Noted): void {
    const known = waiting.get(key);
    if (known) known.times += noted.times;
    else if (waiting.size < MOST) waiting.set(key, noted);
    else lost += noted.times;
  }

  /** What cannot be written waits for the next time, as far as there is room. */
  async function write(): Promise<void> {
    const chunk = [...waiting].slice(0, CHUNK);
    for (const [key] of chunk) waiting.delete(key);
    const rows = chunk.map(([, { row, times }]) => [...row, times]);
    try {
      await database.transaction(async (tx) => tx.write(insert, { rows: JSON.stringify(rows) }));
    } catch (error) {
      for (const [key, noted] of chunk) add(key, noted);
      throw error;
    }
  }

  /** Some of what is too old, until there is none: what waits to be written does not wait for all of it. */
  async function removeOld(): Promise<void> {
    if (performance.now() - expiredAt < HOURLY) return;
    const before = new Date(Date.now() - days * DAY).toISOString();
    const removed = await database.transaction((tx) => tx.all(expire, { before }));
    if (removed.length < CHUNK) expiredAt = performance.now();
    else later();
  }

  async function flushAll(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    try {
      while (waiting.size > 0) await write();
      await removeOld();
    } catch (error) {
      later();
      if (isDue(faultAt)) {
        faultAt = performance.now();
        told.fault(error);
      }
    }
    if (lost === 0 || !isDue(lostAt)) return;
    told.lost(lost);
    [lost, lostAt] = [0, performance.now()];
  }

  function flush(): Promise<void> {
    flushing ??= flushAll().finally(() => {
      flushing = undefined;
      if (waiting.size > 0) later();
    });
    return flushing;
  }

  function put({ district, api, client, person }: Reader, endpoint: string, read: Read): void {
    const { person: subject = null, section = null, school = null, records = null, sent } = read;
    const from = read.from === FIRST_DAY ? null : (read.from ?? null);
    const to = read.to === LAST_DAY ? null : (read.to ?? null);
    const at = new Date().toISOString();
    // Answers with other numbers of records, as pages have, are not the same read: each row has as many in each of its times.
    const what = [
      api,
      client,
      person,
      endpoint,
      subject,
      section,
      school,
      from,
      to,
      records,
      sent?.webhook ?? null,
      sent?.host ?? null,
    ];
    add(`${district} ${what.join(' ')}`, { row: [district, at, ...what], times: 1 });
  }

  return {
    /** Notes it within a second: the same read again within that time is counted. */
    note(reader: Reader, endpoint: string, read: Read): void {
      put(reader, endpoint, read);
      later();
    },

    /** Notes it at once, for what is given only once it is noted; throws where that cannot be. */
    async noteNow(reader: Reader, endpoint: string, read: Read): Promise<void> {
      put(reader, endpoint, read);
      await write();
    },

    /** Writes what waits. */
    flush,

    /** Writes what waits, as far as that can be done, and stops. */
    async close(): Promise<void> {
      await flushing;
      await flush();
      clearInterval(hourly);
      clearTimeout(timer);
      if (lost + waiting.size > 0) told.lost(lost + waiting.size);
      waiting.clear();
    },
  };
}
