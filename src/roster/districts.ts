import type { Database } from '../database/database';

/** A tenant. Everything belongs to one; nothing crosses. */
export interface District {
  readonly id: number;
  readonly name: string;
  /** IANA, e.g. `America/Chicago`: whose day it is today. */
  readonly time_zone: string;
  /** Whether the SIS has taken attendance over. */
  readonly sis_attendance_app: boolean;
}

/** What an operator asked for and cannot have; the message says why. */
export class DistrictError extends Error {}

/** The districts of this service, for its operator. */
export function openDistricts({ knex }: Database) {
  const read = async (where: object): Promise<District[]> => {
    const columns = ['id', 'name', 'time_zone', 'sis_attendance_app'];
    const rows: District[] = await knex('districts').select(columns).where(where).orderBy('id');
    return rows.map((row) => ({ ...row, sis_attendance_app: Boolean(row.sis_attendance_app) }));
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
      const district = await this.find(idOrName);
      if (!district)
        throw new DistrictError(`There is no district ${idOrName}; \`rollbook district list\` lists them.`);
      return district;
    },

    async create(name: string, time_zone = 'UTC'): Promise<District> {
      checkTimeZone(time_zone);
      await knex('districts').insert({ name, time_zone, created_at: new Date().toISOString() });
      return this.get(name);
    },

    async set(id: number, change: Partial<Pick<District, 'time_zone' | 'sis_attendance_app'>>): Promise<District> {
      if (change.time_zone !== undefined) checkTimeZone(change.time_zone);
      if (Object.keys(change).length > 0) await knex('districts').where({ id }).update(change);
      return this.get(String(id));
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
