import { openClients } from '../../src/clients/clients';
import { secretsWith } from '../../src/clients/secrets';
import type { Database } from '../../src/database/database';
import { migrate } from '../../src/database/migrate';
import { openDatabase } from '../../src/database/open';
import { type Code, openCodes } from '../../src/ledger/codes';
import { openLedger } from '../../src/ledger/ledger';
import { FIRST_DAY_OF_SCHOOL, nextDay } from './days';

export const SECRET = 'a key that is used in tests alone';
const SECTIONS = 3;
/** Students that are written of, all of whom are in each section; the more than 2,000 marks of one are answered as a stream. */
const STUDENTS = 24;
const DAYS = 120;

/** What the clients write into: sections with the same students, of which the first is their homeroom. */
export interface School {
  readonly token: string;
  readonly sections: readonly {
    readonly id: number;
    readonly enrollments: readonly number[];
    /** Whether its rolls are taken, all of them; else none is, nor will be. */
    readonly isTaken: boolean;
  }[];
  readonly students: readonly number[];
  readonly days: readonly string[];
  /** Attendance codes of school 200 in the school year 2025-26. */
  readonly codes: readonly Code[];
}

/** Builds it in an empty database. */
export async function buildSchool(url: string): Promise<School> {
  const database = openDatabase(url);
  try {
    await migrate(database);
    return await fill(database);
  } finally {
    await database.close();
  }
}

async function fill(database: Database): Promise<School> {
  const { knex } = database;
  const insert = async (table: string, row: object): Promise<number> =>
    (await knex(table).insert(row).returning('id'))[0].id;
  const created_at = '2025-08-01T00:00:00.000Z';
  const district_id = await insert('districts', { name: 'Larkspur', time_zone: 'America/Chicago', created_at });
  const school = { district_id, sourced_id: 'school', name: 'School', type: 'school', number: '200' };
  const school_id = await insert('schools', school);
  const days = Array.from({ length: DAYS }).reduce<string[]>((all) => [...all, nextDay(all.at(-1))], []);
  const students = await Promise.all(Array.from({ length: STUDENTS }, (_, index) => insert('people', student(index))));
  const silent = await insert('people', student(STUDENTS));
  const sections: School['sections'][number][] = [];
  for (let index = 0; index < SECTIONS; index++) {
    const id = await insert('sections', section(index));
    const enrollments = [];
    for (const person_id of students) enrollments.push(await insert('enrollments', enrollment(id, person_id)));
    // Of one more nothing is ever said, so that no roll is taken because all have been told.
    await insert('enrollments', enrollment(id, silent));
    const isTaken = index === SECTIONS - 1;
    await schedule(id, isTaken);
    sections.push({ id, enrollments, isTaken });
  }
  const scopes = ['attendance:read', 'attendance:write', 'roster:read'];
  const { token } = await openClients(database, secretsWith([SECRET])).create({
    district: district_id,
    name: 'crash',
    scopes,
  });
  return { token, sections, students, days, codes: await openCodes(database).of(district_id, school_id, 2025) };

  async function schedule(section: number, isTaken: boolean) {
    const actor = { district: district_id, api: 'crash', client: null, person: null };
    await openLedger(database).open(async (transaction) => {
      for (const date of days) {
        await transaction.schedule({ section, date }, actor);
        if (isTaken) await transaction.take({ section, date }, actor);
      }
    });
  }
  function student(index: number) {
    const empty = { email: '', given_name: 'S', middle_name: '', preferred_name: '', identifier: '', grades: '' };
    const name = `student-${index}`;
    return { ...empty, district_id, school_id, sourced_id: name, role: 'student', username: name, family_name: name };
  }
  function section(index: number) {
    const empty = { location: '', periods: '', subjects: '', grades: '', section_code: '' };
    const class_type = index === 0 ? 'homeroom' : 'scheduled';
    return { ...empty, district_id, school_id, sourced_id: `section-${index}`, title: `Section ${index}`, class_type };
  }
  function enrollment(section_id: number, person_id: number) {
    const [begin_date, end_date] = [FIRST_DAY_OF_SCHOOL, '2026-06-30'];
    const sourced_id = `${section_id}-${person_id}`;
    return { district_id, section_id, person_id, sourced_id, admin: false, begin_date, end_date };
  }
}
