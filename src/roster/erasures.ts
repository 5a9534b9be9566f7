import { hash, randomBytes } from 'node:crypto';
import type { Database, Executor } from '../database/database';
import { text } from '../database/query';
import { string } from '../database/rows';
import { madeUp } from './oneroster/adoption';

/** Whether the sourcedId is one of a person who was erased. */
export type Erased = (sourcedId: string) => boolean;

/** A person who is being erased; `sourced_id` is null where the SIS does not list them. */
export interface ErasedPerson {
  readonly id: number;
  readonly district_id: number;
  readonly sourced_id: string | null;
}

/**
 * The people of a district who were erased. They are known by a salted hash, which nobody can turn back; who has the
 * database and a sourcedId can still ask whether it is among them, and so does the import.
 */
export function openErasures(database: Database) {
  const sql = {
    of: text(
      database.knex,
      `select erasures.salt, erasures.sourced_id_hash as hash from erasures
      where erasures.district_id = :district and erasures.sourced_id_hash is not null`,
      { salt: string, hash: string },
    ),
    add: text(
      database.knex,
      `insert into erasures (district_id, person_id, at, salt, sourced_id_hash)
      values (:district, :person, :at, :salt, :hash)`,
    ),
  };

  return {
    async of(district: number): Promise<Erased> {
      const rows = await database.all(sql.of, { district });
      const hashes = new Set(rows.map(({ hash }) => hash));
      const salts = [...new Set(rows.map(({ salt }) => salt))];
      return (sourcedId) => salts.some((salt) => hashes.has(hashOf(salt, sourcedId)));
    },

    /** One salt for all of a district, so that a row of an import is hashed once. */
    async add(
      tx: Executor,
      { id: person, district_id: district, sourced_id }: ErasedPerson,
      at: string,
    ): Promise<void> {
      const [known] = await tx.all(sql.of, { district });
      const salt = known?.salt ?? randomBytes(16).toString('hex');
      // Whom the SIS does not list a `roster export` has named, and it may come back.
      const hash = hashOf(salt, sourced_id ?? madeUp('person', person));
      await tx.all(sql.add, { district, person, at, salt, hash });
    },
  };
}

const hashOf = (salt: string, sourcedId: string): string => hash('sha256', `${salt}\n${sourcedId}`);
