import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { integer, type RowOf } from '../../database/rows';
import type { Actor } from '../../ledger/actor';
import { openLedger } from '../../ledger/ledger';
import { preview } from '../../lib/preview';
import { areDoubled, type ExtensionTables, openCombining, type Stay, stayRow } from '../combine-enrollments';
import { meet, openKeptDays } from '../enrolled';
import { openOtherChanges } from '../other-changes';
import { togetherDays } from './aliases';
import type { BundleFile } from './bundle';
import { rowsOf } from './csv';
import type { Listed } from './merge';
import type { Past, SaidDays } from './past';
import { FileError, MOST_WARNINGS, ValueError } from './report';

/** Bits of the filter: at most 4 MiB, in which of a million students in classes a few thousand are taken for doubles. */
const MOST_BITS = 2 ** 25;
const LEAST_BITS = 2 ** 13;
const PAGE = 5_000;

interface Candidate {
  readonly section: number;
  readonly person: number;
  readonly line: number;
}

/** One enrollment that was made of two rows. */
interface Combined {
  /** The sourcedIds of both. */
  readonly names: readonly [string, string];
  /** Of a row of the file that is about the same student in the same class. */
  readonly line: number;
}

/**
 * Remembers which students of which classes a file lists, to find those that it lists twice. It keeps no more than bits.
 * @param bytes that the file has: it gets about as many bits
 */
export function openDoubles(database: Database, district: number, extensions: ExtensionTables, bytes: number) {
  const count = Math.min(MOST_BITS, Math.max(LEAST_BITS, 2 ** Math.ceil(Math.log2(bytes))));
  const bits = new Uint8Array(count / 8);
  const candidates: Candidate[] = [];
  const sql = text(
    database.knex,
    `select enrollments.id, enrollments.section_id, enrollments.person_id, enrollments.sourced_id,
      enrollments.begin_date, enrollments.end_date, enrollments.inherits_begin, enrollments.inherits_end,
      enrollments.active
    from ${database.rows('asked', { section: 'bigint', person: 'bigint' })} as asked
    cross join enrollments
    where enrollments.person_id = asked.person and enrollments.section_id = asked.section
      and +enrollments.district_id = :district and not enrollments.admin
      and (enrollments.begin_date < enrollments.end_date or exists (
        select 1 from kept_days
        where kept_days.district_id = :district and kept_days.enrollment_id = enrollments.id))
    order by enrollments.section_id, enrollments.person_id, enrollments.id`,
    doubleRow,
  );

  /** Whether it was told of before; sometimes also where it was not. */
  function remember(section: number, person: number): boolean {
    const first = mixed(section, person) & (count - 1);
    const second = mixed(person, section + 1) & (count - 1);
    const isKnown = isSet(first) && isSet(second);
    for (const bit of [first, second]) bits[bit >>> 3]! |= 1 << (bit & 7);
    return isKnown;
  }
  const isSet = (bit: number): boolean => (bits[bit >>> 3]! & (1 << (bit & 7))) !== 0;

  return {
    /** @param isNew of enrollments that may be beside one that stands already */
    add({ values, line }: Listed, isNew: boolean): void {
      if (values.admin) return;
      const [section, person] = [Number(values.section_id), Number(values.person_id)];
      if (remember(section, person) || isNew) candidates.push({ section, person, line });
    },

    /**
     * Makes one enrollment of those of the same student in the same class that run at the same time; those that the file
     * lists twice are answered, each by the later row, with a sentence that names both.
     * @param isListed whether the SIS still lists it by this sourcedId
     * @param saidBefore what rows say of an enrollment, as far as this file does not say it anew
     */
    async combine(
      file: BundleFile,
      isListed: (sourcedId: string) => boolean,
      saidBefore: (sourcedId: string, stands: Stay) => SaidDays,
      past: Past,
    ): Promise<{ line: number; reason: string }[]> {
      const done: Combined[] = [];
      const { combine, part } = openCombining(database, extensions);
      const { enrollments } = openOtherChanges(database);
      const keptDays = openKeptDays(database);
      const actor: Actor = { district, api: 'import', client: null, person: null };

      /** One of both, or both where they are of other times by what is said of them. */
      const united = (one: Known, other: Known): Promise<Known[]> =>
        openLedger(database).open(async (transaction) => {
          await transaction.hold([one.section_id], actor);
          if (one.said && other.said && !meet(one.said, other.said)) {
            const [first, second] = await part(transaction, actor, one, other);
            return [
              { ...one, ...first },
              { ...other, ...second },
            ];
          }
          const { stays } = await combine(transaction, actor, one, other, { stays: one.said, goes: other.said });
          const said = one.said && other.said ? togetherDays(one.said, other.said) : (one.said ?? other.said);
          const names = [...one.names, ...other.names];
          const is = said ? await past.settle(transaction, { ...stays, person_id: one.person_id }, said, names) : {};
          await enrollments(transaction, actor, { changed: [one.id, other.id] });
          return [{ ...one, ...stays, ...is, said, names }];
        });

      for (let at = 0; at < candidates.length; at += PAGE) {
        const page = candidates.slice(at, at + PAGE);
        const lines = new Map(page.map(({ section, person, line }) => [`${section} ${person}`, line]));
        const asked = JSON.stringify([...lines.keys()].map((key) => key.split(' ').map(Number)));
        const groups = groupsOf(await database.all(sql, { district, asked }));
        const ids = groups.flat().map(({ id }) => id);
        const kept = await keptDays(database, district, ids);
        for (const group of groups) {
          const standing: Known[] = [];
          for (const row of group) {
            const { sourced_id, active } = row;
            // What is over by now is not said by the SIS, nor what it has never listed.
            const isSaid = active && sourced_id !== null;
            const said = isSaid ? (past.saidOf(sourced_id) ?? saidBefore(sourced_id, row)) : undefined;
            const names = sourced_id === null ? [] : [sourced_id];
            let stays: Known = { ...row, kept: kept.get(row.id) ?? [], said, names };
            const apart: Known[] = [];
            // One that has grown may meet another.
            for (let other = takeMeeting(standing, stays); other; other = takeMeeting(standing, stays)) {
              const [one, two] = [other, stays].map(({ names }) => names.find(isListed));
              const [first, second] = await united(other, stays);
              if (second) {
                apart.push(first!);
                stays = second;
                continue;
              }
              stays = first!;
              const line = lines.get(`${row.section_id} ${row.person_id}`)!;
              if (one !== undefined && two !== undefined && done.length < MOST_WARNINGS)
                done.push({ names: [one, two], line });
            }
            standing.push(...apart, stays);
          }
        }
      }
      past.retell();
      const lines = await linesOf(file, new Set(done.flatMap(({ names }) => names)));
      return done.map((each) => told(each, file.name, lines)).sort((one, other) => one.line - other.line);
    },
  };
}

/** The lines on which a file has these sourcedIds: it is read once more, as nobody remembers those of a million rows. */
async function linesOf(file: BundleFile, sourcedIds: ReadonlySet<string>): Promise<Map<string, number>> {
  const lines = new Map<string, number>();
  if (sourcedIds.size === 0) return lines;
  try {
    for await (const row of rowsOf(file, ['sourcedId'])) {
      const sourcedId = row.fault ? undefined : readable(() => row.get('sourcedId'));
      if (sourcedId === undefined || !sourcedIds.has(sourcedId) || lines.has(sourcedId)) continue;
      lines.set(sourcedId, row.line);
      if (lines.size === sourcedIds.size) return lines;
    }
  } catch (error) {
    if (!(error instanceof FileError)) throw error; // up to where it breaks off
  }
  return lines;
}

function readable(read: () => string): string | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

/** What is said of two rows: a row of an earlier import has no line. */
function told({ names, line }: Combined, file: string, lines: ReadonlyMap<string, number>) {
  const [other, own] = names
    .map((sourcedId) => ({ sourcedId, line: lines.get(sourcedId) }))
    .sort((one, two) => (one.line ?? 0) - (two.line ?? 0)) as [NamedRow, NamedRow];
  const where = other.line === undefined ? 'of an earlier import' : `${file}, line ${other.line}`;
  const both = `as ${preview(own.sourcedId)} and as ${preview(other.sourcedId)} (${where})`;
  const reason = `The student is in the class twice at the same time, ${both}: one enrollment was made of both.`;
  return { line: own.line ?? line, reason };
}

interface NamedRow {
  readonly sourcedId: string;
  readonly line: number | undefined;
}

const doubleRow = { ...stayRow, person_id: integer };
type Row = Stay & RowOf<typeof doubleRow>;

/** An enrollment, and what the SIS says of it. */
interface Known extends Row {
  readonly said: SaidDays | undefined;
  /** The sourcedIds of the rows that it was made of. */
  readonly names: readonly string[];
}

/** Takes one out that has a day in common with another. */
function takeMeeting(standing: Known[], stays: Known): Known | undefined {
  const at = standing.findIndex((other) => areDoubled(other, stays));
  return at < 0 ? undefined : standing.splice(at, 1)[0];
}

/** A number of 32 bits. */
function mixed(one: number, other: number): number {
  let hash = Math.imul(one ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(other + 0x7f4a7c15, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

/** Those of one student in one section, of rows in their order. */
function groupsOf<Row extends { section_id: number; person_id: number }>(rows: readonly Row[]): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.section_id} ${row.person_id}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
