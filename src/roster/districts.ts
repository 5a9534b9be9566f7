import type { Database } from '../database/database';
import { text } from '../database/query';
import { bit, integer, string } from '../database/rows';
import { type Author, openSettingChanges } from './setting-changes';

/** A tenant. Everything belongs to one; nothing crosses. */
export interface District {
  readonly id: number;
  readonly name: string;
  /** IANA, e.g. `America/Chicago`: whose day it is today. */
  readonly time_zone: string;
  /** Whether the SIS has taken attendance over. */
  readonly sis_takes_attendance: boolean;
  /** BCP 47, e.g. `sv`: in the order of whose letters names are sorted. */
  readonly language: string;
}

/** What an operator asked for and cannot have; the message says why. */
export class DistrictError extends Error {}

/** The districts of this service, for its operator. */
export function openDistricts(database: Database) {
  const { knex } = database;
  const changes = openSettingChanges(database);
  const find = text(
    knex,
    `select districts.id, districts.name, districts.time_zone, districts.sis_attendance_app as sis_takes_attendance, districts.language
    from districts
    where (cast(:id as bigint) is null or districts.id = :id) and (cast(:name as text) is null or districts.name = :name)
    order by districts.id`,
    { id: integer, name: string, time_zone: string, sis_takes_attendance: bit, language: string },
  );
  const add = text(
    knex,
    'insert into districts (name, time_zone, created_at) values (:name, :time_zone, :at) returning id',
    { id: integer },
  );
  const set = text(
    knex,
    `update districts set time_zone = coalesce(:time_zone, time_zone), language = coalesce(:language, language),
      sis_attendance_app = coalesce(cast(:app as boolean), sis_attendance_app)
    where id = :id`,
  );
  const read = async ({
    id = null,
    name = null,
  }: {
    id?: number | null;
    name?: string | null;
  }): Promise<District[]> => {
    const rows = await database.all(find, { id, name });
    return rows.map((row) => ({ ...row, sis_takes_attendance: Boolean(row.sis_takes_attendance) }));
  };

  return {
    list: () => read({}),

    /** By id or by name. */
    async find(idOrName: string): Promise<District | undefined> {
      const [byName] = await read({ name: idOrName });
      if (byName || !/^\d{1,15}$/.test(idOrName)) return byName;
      return (await read({ id: Number(idOrName) }))[0];
    },

    async get(idOrName: string): Promise<District> {
      if (idOrName.trim() === '')
        throw new DistrictError('Say which district, by its id or its name; `rollbook district list` lists them.');
      const district = await this.find(idOrName);
      if (!district)
        throw new DistrictError(`There is no district ${idOrName}; \`rollbook district list\` lists them.`);
      return district;
    },

    async create(name: string, time_zone = 'UTC'): Promise<District> {
      checkTimeZone(time_zone);
      const at = new Date().toISOString();
      await database.transaction((tx) => tx.all(add, { name, time_zone, at }));
      return this.get(name);
    },

    /** It is kept who has the SIS take attendance, or not any more. */
    async set(
      id: number,
      change: Partial<Omit<District, 'id' | 'name'>>,
      by: Omit<Author, 'district'>,
    ): Promise<District> {
      if (change.time_zone !== undefined) checkTimeZone(change.time_zone);
      if (change.language !== undefined) checkLanguage(change.language);
      const { time_zone = null, language = null, sis_takes_attendance: app } = change;
      const values = { id, time_zone, language, app: app === undefined ? null : Number(app) };
      await database.transaction(async (tx) => {
        const [before] = await tx.all(find, { id, name: null });
        await tx.all(set, values);
        if (app === undefined || Boolean(before?.sis_takes_attendance) === app) return;
        await changes.note({ ...by, district: id }, { what: app ? 'sis_attendance_on' : 'sis_attendance_off' })(tx);
      });
      return (await read({ id }))[0]!;
    },
  };
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new DistrictError(`${timeZone} is no time zone of the IANA database; America/Chicago is one.`);
  }
}

function checkLanguage(language: string): void {
  try {
    if (language.length <= 35 && Intl.Collator.supportedLocalesOf(language).length > 0) return;
  } catch {
    // is no tag at all
  }
  throw new DistrictError(`${language} is no language whose order is known; en, sv or es-MX is one.`);
}
