import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peopleNames } from '../../src/apis/tables';
import { invariantsOf } from '../../src/cli/check';
import type { Database } from '../../src/database/database';
import { findingsOf } from '../../src/database/invariants';
import { extensionTables } from '../../src/privacy/personal-data';
import { type ImportOptions, importOneRoster, openOneRoster } from '../../src/roster/oneroster/import';
import type { ImportReport } from '../../src/roster/oneroster/report';
import { type Api, openApi } from '../api';
import { bundleOf, type Said } from './builder';
import type { Files } from './bundles';

/** A district whose roster comes from bundles, seen through every API. */
export interface Rivers {
  readonly api: Api;
  /** The office of the district. */
  readonly office: Api;
  readonly district: number;
  import(said: Said, today: string, options?: Partial<ImportOptions>, on?: Database): Promise<ImportReport>;
  importFiles(files: Files, today: string, options?: Partial<ImportOptions>, on?: Database): Promise<ImportReport>;
  section(sourcedId: string): Promise<number>;
  /** The enrollment that the SIS lists by this now. */
  enrollment(sourcedId: string): Promise<number>;
  /** Takes the roll of a class, with these students (by the sourcedIds of their enrollments) absent. */
  take(section: string, date: string, absent?: readonly string[]): Promise<void>;
  /** All that is reported and shown of these days. */
  seen(from: string, to: string, dates: readonly string[]): Promise<Record<string, unknown>>;
  /** What `check` finds. */
  findings(): Promise<string[]>;
  close(): Promise<void>;
}

/** @param shared a service that has other districts too, and stays open */
export async function openRivers(shared?: Api): Promise<Rivers> {
  const api = shared ?? (await openApi());
  const { database } = api.world;
  const { knex } = database;
  const [{ id: district }] = await knex('districts')
    .insert({
      name: shared ? `Rivers ${randomUUID()}` : 'Rivers',
      time_zone: 'UTC',
      created_at: '2025-08-01T00:00:00Z',
    })
    .returning('id');
  const office = await api.as({ district });
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-rivers-'));
  const actor = { ...api.world.actor, district };
  const idOf = async (table: string, sourced_id: string): Promise<number> => {
    const row = await knex(table).where({ district_id: district, sourced_id }).first();
    if (!row) throw new Error(`there is no ${sourced_id} in ${table}`);
    return row.id;
  };

  const rivers: Rivers = {
    api,
    office,
    district,
    import: (said, ...options) => rivers.importFiles(bundleOf(said), ...options),
    async importFiles(files, today, options = {}, on = database) {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const more = { otherNames: peopleNames, extensions: extensionTables, ...options };
      return importOneRoster(on, district, await openOneRoster(folder), { today, ...more });
    },
    section: (sourcedId) => idOf('sections', sourcedId),
    enrollment: (sourcedId) => idOf('enrollments', sourcedId),
    async take(section, date, absent = []) {
      const [id, enrollments] = [await idOf('sections', section), await Promise.all(absent.map(rivers.enrollment))];
      await api.world.ledger.open(async (transaction) => {
        await transaction.take({ section: id, date }, actor);
        const marks = enrollments.map((enrollment) => ({ enrollment, date, status: 2 }));
        const outcomes = await transaction.record(marks, actor);
        expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
      });
    },
    async seen(from, to, dates) {
      const read = async (path: string) => {
        const { status, body } = await office.get(path);
        expect([path, status]).toEqual([path, 200]);
        return body;
      };
      const span = `from=${from}&to=${to}`;
      const sections = await knex('sections').where({ district_id: district }).orderBy('id').pluck('id');
      const people = await knex('people').where({ district_id: district, role: 'student' }).orderBy('id').pluck('id');
      const { students: chronic, ...rest } = await read(`/reports/chronic?${span}&min_days=1`);
      const shown: Record<string, unknown> = {
        absence: (await read(`/reports/absence?by=day&${span}`)).rows,
        chronic: { share: rest.share, enrolled: rest.enrolled, students: chronic },
      };
      for (const date of dates) {
        shown[`today ${date}`] = (await read(`/reports/today?date=${date}`)).schools;
        shown[`rolls ${date}`] = (await read(`/reports/rolls?date=${date}`)).rolls;
      }
      for (const id of people) {
        const { student: _student, ...history } = await read(`/reports/students/${id}?${span}`);
        shown[`student ${id}`] = history;
      }
      for (const id of sections) {
        const actorOf = { district, section: id, from, to };
        const entries = await api.world.ledger.entries(actorOf);
        shown[`entries ${id}`] = entries
          .filter(({ date }) => dates.includes(date))
          .map(({ person_id, date, status }) => `${date} ${person_id} ${status}`)
          .sort();
        const month = await office
          .get(`/reports/sections/${id}/month?month=${from.slice(0, 7)}`)
          .set('Accept', 'text/csv');
        shown[`month ${id}`] = onlyDates(month.text, dates);
      }
      return shown;
    },
    findings: async () =>
      (await findingsOf(database, invariantsOf(database), 3))
        .filter(({ name }) => name !== 'part_missing') // of school years: each start makes them
        .map(({ name, rows }) => `${name} ${JSON.stringify(rows)}`),
    async close() {
      rmSync(folder, { recursive: true });
      if (!shared) await api.close();
    },
  };
  return rivers;
}

/** What a month in CSV says of these days: who had which status. */
function onlyDates(csv: string, dates: readonly string[]): string[] {
  const [head, ...lines] = csv
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  const name = head!.indexOf('name');
  return lines
    .flatMap((line) =>
      head!.flatMap((column, at) =>
        dates.includes(column) && line[at] ? [`${column} ${line[name]} ${line[at]}`] : [],
      ),
    )
    .sort();
}
