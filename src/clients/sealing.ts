import type { Database } from '../database/database';
import type { Secrets } from './secrets';

/** How many clients are sealed anew in one transaction. */
const AT_ONCE = 500;

type Sealed = { readonly id: number } & Record<(typeof columns)[number], string | null>;
const columns = ['secret', 'previous_secret'] as const;

/** With which key the secrets of clients are sealed that are not revoked. */
export function openSealing({ knex }: Pick<Database, 'knex'>, secrets: Secrets) {
  async function* pages(): AsyncGenerator<readonly Sealed[]> {
    for (let last = 0; ; ) {
      const page: Sealed[] = await knex('api_clients')
        .select('id', ...columns)
        .where('id', '>', last)
        .whereNull('revoked_at')
        .orderBy('id')
        .limit(AT_ONCE);
      if (page.length === 0) return;
      yield page;
      last = page.at(-1)!.id;
    }
  }

  return {
    /** Throws SecretError where the keys are not those with which the secrets are sealed. */
    async check(): Promise<void> {
      for await (const page of pages()) for (const secret of page.flatMap(sealedIn)) secrets.open(secret.sealed);
    },

    /** How many secrets are sealed with the first key, and with others. */
    async count(): Promise<{ current: number; others: number }> {
      let [current, others] = [0, 0];
      for await (const page of pages())
        for (const { sealed } of page.flatMap(sealedIn)) secrets.isCurrent(sealed) ? current++ : others++;
      return { current, others };
    },

    /** Seals with the first key what is sealed with another, while others read and write; how many it was. */
    async reseal(): Promise<number> {
      let count = 0;
      for await (const page of pages()) {
        const old = page.flatMap(sealedIn).filter(({ sealed }) => !secrets.isCurrent(sealed));
        await knex.transaction(async (tx) => {
          // A client that is rotated meanwhile has been sealed with the first key already.
          for (const { id, column, sealed } of old)
            count += await tx('api_clients')
              .where({ id, [column]: sealed })
              .update({ [column]: secrets.seal(secrets.open(sealed)) });
        });
      }
      return count;
    },
  };
}

const sealedIn = (row: Sealed) =>
  columns.flatMap((column) => {
    const sealed = row[column];
    return sealed === null ? [] : [{ id: row.id, column, sealed }];
  });
