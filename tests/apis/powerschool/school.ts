import { type Code, openCodes } from '../../../src/ledger/codes';
import { type Api, openApi } from '../../api';

/**
 * The small school as a SIS knows it: 2025-26 is year 35, Ada, Grace and Alan have a homeroom in school 200, Katherine
 * has none. Its codes are found by their text: `code('A')`.
 */
export interface School extends Api {
  readonly homeroom: number;
  /** Enrollments in the homeroom. */
  readonly daily: { readonly ada: number; readonly grace: number; readonly alan: number };
  code(text: string): number;
  /** A record of a post, of Ada on 2025-10-01 in school 200 unless the columns say otherwise. */
  record(columns: Record<string, unknown>): { tables: { attendance: Record<string, unknown> } };
  /** Says which periods a class has: `1, 2`. */
  periods(section: 'algebra' | 'biology', periods: string): Promise<unknown>;
  send(address: Address, ...records: object[]): ReturnType<Api['post']>;
  /** Asks a named query, and gives the tables of its records. */
  ask(query: string, sent: object): Promise<Record<string, Record<string, string>>[]>;
  /** Everything that a write could change, to read back that a refused one did not. */
  everything(): Promise<object>;
  /** The marks of a section as Schoology shows them: enrollment, date, status, comment. */
  marks(section: number): Promise<unknown[][]>;
}

type Address = 'batch_daily_time' | 'daily_time' | 'meeting_interval';

export const DAY = '2025-10-01';

export async function openSchool(): Promise<School> {
  const api = await openApi();
  const { database, districts, people } = api.world;
  const { knex } = database;
  const insert = async (table: string, row: object): Promise<number> =>
    (await knex(table).insert(row).returning('id'))[0].id;
  const { id: school } = await knex('schools').where({ number: '200' }).first();
  const district_id = districts.larkspur;
  await insert('terms', {
    district_id,
    sourced_id: 'year',
    title: '2025-26',
    type: 'schoolYear',
    begin_date: '2025-08-25',
    end_date: '2026-06-12',
    school_year: '2026',
  });
  const homeroom = await insert('sections', {
    district_id,
    school_id: school,
    sourced_id: 'homeroom',
    title: 'Homeroom 7A',
    section_code: '7A',
    class_type: 'homeroom',
    location: '',
    periods: '',
    subjects: '',
    grades: '07',
  });
  const enroll = (name: 'ada' | 'grace' | 'alan', begin_date = '2025-08-25') =>
    insert('enrollments', {
      district_id,
      section_id: homeroom,
      person_id: people[name],
      sourced_id: `${name}-homeroom`,
      admin: false,
      begin_date,
      end_date: '2026-06-12',
    });
  const daily = { ada: await enroll('ada'), grace: await enroll('grace'), alan: await enroll('alan', '2025-10-06') };
  const codes: Code[] = await openCodes(database).of(district_id, school, 2025);
  const code = (text: string) => codes.find((each) => each.code === text)!.id;
  const record: School['record'] = (columns) => ({
    tables: {
      attendance: {
        att_mode_code: 'ATT_ModeDaily',
        att_date: DAY,
        schoolid: '200',
        yearid: '35',
        studentid: String(people.ada),
        attendance_codeid: String(code('A')),
        ...columns,
      },
    },
  });
  return {
    ...api,
    homeroom,
    daily,
    code,
    record,
    periods: (section, periods) => knex('sections').where({ id: api.world.sections[section] }).update({ periods }),
    ask: async (query, sent) => {
      const { body, status } = await api.post(`/ws/schema/query/com.pearson.core.${query}`).send(sent);
      expect([status, body.message]).toEqual([200, undefined]);
      return (body.record ?? []).map(({ tables }: { tables: object }) => tables);
    },
    everything: async () => ({
      marks: await knex('marks').select().orderBy(['enrollment_id', 'date']),
      meetings: await knex('meetings').select().orderBy(['section_id', 'date']),
      journal: await knex('journal').select().orderBy('id'),
      parts: await knex('powerschool_attendance').select().orderBy('id'),
      details: await knex('other_changes').select().orderBy('id'),
    }),
    marks: async (section) => {
      const { body } = await api.get(`/v1/sections/${section}/attendance`);
      type Group = { statuses: { status: { attendances: { attendance: Record<string, unknown>[] } }[] } };
      return body.date
        .flatMap(({ statuses }: Group) => statuses.status.flatMap(({ attendances }) => attendances.attendance))
        .map(({ enrollment_id, date, status, comment }: Record<string, unknown>) => [
          enrollment_id,
          date,
          status,
          comment,
        ]);
    },
    send: (address, ...records) => api.post(`/ws/attendance/${address}`).send({ name: 'ATTENDANCE', record: records }),
  };
}

/** What a post answered, in short: the action of each record that went in, the code of each that did not. */
export const told = ({
  body,
}: {
  body: { result: { action: string; error_message?: { error: { error_code: string } } }[] };
}) => body.result.map(({ action, error_message }) => error_message?.error.error_code ?? action);
