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
/** How many are written, and how many that are too old are removed, in one transaction. */
const CHUNK = 1_000;
/** In milliseconds. */
const DAY = 86_400_000;

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
  times: 'bigint',
} as const;

/** What was read, as it is to be written. */
interface Noted {
  readonly row: readonly (string | number | null)[];
  records: number | null;
  times: number;
}

export type Audit = ReturnType<typeof openAudit>;

/**
 * Notes reads for so many days.
 * @param onLost is told how many could not be noted, once a minute at most
 */
export function openAudit(database: Database, days: number, onLost: (count: number) => void = () => undefined) {
  const names = Object.keys(columns).join(', ');
  const insert = text(
    database.knex,
    `insert into reads (${names}) select ${names} from ${database.rows('rows', columns)} as noted`,
    undefined,
    { acrossDistricts: 'each row has that of its reader' },
  );
  const expire = text(
    database.knex,
    `delete from reads where reads.id in (select old.id from reads as old where old.at < :before order by old.at limit ${CHUNK})
      and reads.at < :before returning 1 as one`,
    { one: oneOf(1) },
    { acrossDistricts: 'how long reads are kept is the same for all' },
  );
  const waiting = new Map<string, Noted>();
  let [lost, toldAt, expiredAt] = [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> | undefined;

  const later = () => {
    timer ??= setTimeout(() => void flush(), SOON).unref();
  };

  function add(key: string, noted: Noted): void {
    const known = waiting.get(key);
    if (known) {
      known.times += noted.times;
      known.records = noted.records ?? known.records;
    } else if (waiting.size < MOST) waiting.set(key, noted);
    else lost += noted.times;
  }

  /** What cannot be written waits for the next time, as far as there is room. */
  async function write(): Promise<void> {
    const chunk = [...waiting].slice(0, CHUNK);
    for (const [key] of chunk) waiting.delete(key);
    const rows = chunk.map(([, { row, records, times }]) => [...row, records, times]);
    try {
      await database.transaction(async (tx) => tx.write(insert, { rows: JSON.stringify(rows) }));
    } catch (error) {
      for (const [key, noted] of chunk) add(key, noted);
      throw error;
    }
  }

  async function removeOld(): Promise<void> {
    if (performance.now() - expiredAt < HOURLY) return;
    expiredAt = performance.now();
    const before = new Date(Date.now() - days * DAY).toISOString();
    for (let removed = CHUNK; removed === CHUNK; )
      removed = (await database.transaction((tx) => tx.all(expire, { before }))).length;
  }

  async function flushAll(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    try {
      while (waiting.size > 0) await write();
      await removeOld();
    } catch {
      later(); // the database is away, or has no room: requests say so
    }
    if (lost === 0 || performance.now() - toldAt < OFTEN) return;
    onLost(lost);
    [lost, toldAt] = [0, performance.now()];
  }

  function flush(): Promise<void> {
    flushing ??= flushAll().finally(() => {
      flushing = undefined;
      if (waiting.size > 0) later();
    });
    return flushing;
  }

  function put({ district, api, client, person }: Reader, endpoint: string, read: Read): void {
    const { people, section = null, school = null, records = null } = read;
    const from = read.from === FIRST_DAY ? null : (read.from ?? null);
    const to = read.to === LAST_DAY ? null : (read.to ?? null);
    const at = new Date().toISOString();
    for (const subject of people ?? [null]) {
      const what = [api, client, person, endpoint, subject, section, school, from, to];
      add(`${district} ${what.join(' ')}`, { row: [district, at, ...what], records, times: 1 });
    }
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
      clearTimeout(timer);
      if (lost + waiting.size > 0) onLost(lost + waiting.size);
      waiting.clear();
    },
  };
}
