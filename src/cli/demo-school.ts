import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import type { Database } from '../database/database';
import { today } from '../days';
import { openLedger } from '../ledger/ledger';
import { root } from '../root';
import { type District, openDistricts } from '../roster/districts';
import { importOneRoster, type OneRoster, openOneRoster } from '../roster/oneroster/import';
import { movedTo } from './demo-dates';

const sample = join(root, 'db', 'seeds', 'sample-school');
const NAME = 'Larkspur Valley Unified School District';
export const TIME_ZONE = 'America/Los_Angeles';

type Moved = ReturnType<typeof movedTo>;

/**
 * Loads the sample school with its days moved so that the attendance ends on this Friday. What a newcomer has changed since the
 * first time stays.
 */
export async function loadSchool(database: Database, friday: string): Promise<District> {
  const moved = movedTo(friday);
  const districts = openDistricts(database);
  const known = await districts.find(NAME);
  const district = known ?? (await districts.create(NAME, TIME_ZONE));
  const roster = movedRoster(await openOneRoster(sample), moved);
  await importOneRoster(database, district.id, roster, { today: today(district.time_zone) });
  if (!known) await loadAttendance(database, district, moved);
  return district;
}

function movedRoster({ files, ...roster }: OneRoster, moved: Moved): OneRoster {
  const movedFiles = [...files].map(
    ([name, file]) =>
      [
        name,
        { ...file, open: async () => Readable.from([Buffer.from(moved(await text(await file.open())))]) },
      ] as const,
  );
  return { ...roster, files: new Map(movedFiles) };
}

interface SampleMark {
  readonly enrollmentSourcedId: string;
  readonly date: string;
  readonly status: string;
  readonly comment: string;
}

/** The bundle's own attendance.csv: the exceptions of three weeks, and one present for each roll without any. */
async function loadAttendance(
  { knex, ...database }: Database,
  { id: district }: District,
  moved: Moved,
): Promise<void> {
  const enrollments = await knex('enrollments').where({ district_id: district });
  const ids = new Map<string, number>(enrollments.map(({ id, sourced_id }) => [sourced_id, id]));
  const file = moved(await readFile(join(sample, 'attendance.csv'), 'utf8'));
  const rows: SampleMark[] = parse(file, { columns: true });
  const marks = rows.map(({ enrollmentSourcedId, date, status, comment }) => ({
    enrollment: ids.get(enrollmentSourcedId),
    date,
    status: Number(status),
    comment,
  }));
  const actor = { district, api: 'demo', client: null, person: null };
  const outcomes = await openLedger({ knex, ...database }).record(marks, actor, { roll: 'always' });
  const refused = outcomes.find((outcome) => !outcome.ok);
  if (refused) throw new Error(`The sample school has a mark that does not fit: ${JSON.stringify(refused)}`);
}
