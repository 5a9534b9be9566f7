import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/database/database';
import { exportedFiles } from '../../src/roster/oneroster/export';
import { type ImportOptions, importOneRoster, openOneRoster } from '../../src/roster/oneroster/import';
import type { ImportReport } from '../../src/roster/oneroster/report';
import { openTestDatabase } from '../world';

export type Files = Record<string, string | Buffer>;

/** Larkspur Middle: Algebra, with Ada, taught by Emmy. */
export const bundle: Files = {
  'manifest.csv': 'propertyName,value\noneroster.version,1.1\n',
  'orgs.csv':
    'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n' +
    'd,,,Larkspur,district,D,\ns,,,Larkspur Middle,school,200,d\n',
  'academicSessions.csv':
    'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\n' +
    't1,,,Fall,semester,2025-08-25,2026-01-20,,2026\nt2,,,Spring,semester,2026-01-20,2026-06-12,,2026\n',
  'courses.csv':
    'sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes\nc,,,,Algebra,ALG,07,s,Math,\n',
  'classes.csv':
    'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n' +
    'k,,,Algebra 1,07,c,ALG-1,scheduled,Room 2,s,"t1,t2",Math,,"1,3"\n',
  'users.csv':
    'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n' +
    'ada,,,true,s,student,ada,,Ada,Lovelace,,A1,ada@example.org,,,,07,hunter2\n' +
    'emmy,,,true,s,teacher,emmy,,Emmy,Noether,,E1,emmy@example.org,,,,,hunter2\n',
  'enrollments.csv':
    'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n' +
    'e1,,,k,s,ada,student,false,2025-08-25,2026-06-12\ne2,,,k,s,emmy,teacher,true,,\n',
};

/** The bundle with some of its text replaced in one file. */
export const replaced = (file: string, from: string, to: string): Files => {
  const text = String(bundle[file]);
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  return { ...bundle, [file]: text.replace(from, () => to) };
};

const enrollmentColumns =
  'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n';
/** The bundle with these rows as its enrollments. */
export const withEnrollments = (rows: string): Files => ({ ...bundle, 'enrollments.csv': enrollmentColumns + rows });

/** How many rows have changed. */
export const changes = ({ counts }: ImportReport): number =>
  Object.values(counts).reduce((sum, count) => sum + count.inserted + count.updated + count.ended, 0);

/** The files that an export of the district's roster writes. */
export async function exportOf(database: Database, district: number): Promise<Record<string, string>> {
  const { name } = await database.knex('districts').where({ id: district }).first();
  const files: Record<string, string> = {};
  await database.snapshot(async (reading) => {
    for await (const { file, pieces } of exportedFiles(database, reading, { id: district, name })) {
      files[file] = '';
      for await (const piece of pieces) files[file] += piece;
    }
  });
  return files;
}

const tables = ['schools', 'terms', 'courses', 'sections', 'section_terms', 'people', 'enrollments'];

/** A district, and a folder in which bundles are put for it. */
export interface Roster {
  readonly database: Database;
  readonly folder: string;
  readonly district: number;
  newDistrict(name: string): Promise<number>;
  write(files: Files): void;
  importFiles(files: Files, into?: number, today?: string, options?: Partial<ImportOptions>): Promise<ImportReport>;
  importFrom(source: string): Promise<ImportReport>;
  /** Everything that imports fill. */
  everything(): Promise<Record<string, object[]>>;
  close(): Promise<void>;
}

export async function openRoster(): Promise<Roster> {
  const { database, close } = await openTestDatabase({ reuse: true });
  const { knex } = database;
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-bundle-'));
  const newDistrict = async (name: string): Promise<number> =>
    (await knex('districts').insert({ name, time_zone: 'UTC', created_at: '2025-08-01T00:00:00Z' }).returning('id'))[0]
      .id;
  const district = await newDistrict('Larkspur');
  const write = (files: Files) => {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  };
  const importFrom = async (source: string, into = district, today = '2025-10-15', options = {}) =>
    importOneRoster(database, into, await openOneRoster(source), { today, ...options });
  return {
    database,
    folder,
    district,
    newDistrict,
    write,
    importFrom,
    importFiles(files, into, today, options) {
      write(files);
      return importFrom(folder, into, today, options);
    },
    async everything() {
      const rows = await Promise.all(tables.map((table) => knex(table).orderBy(1).orderBy(2)));
      return Object.fromEntries(tables.map((table, index) => [table, rows[index]!]));
    },
    async close() {
      rmSync(folder, { recursive: true });
      await close();
    },
  };
}
