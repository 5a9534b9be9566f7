import type { Database } from '../database/database';
import { text } from '../database/query';
import { concerns } from './concerns';
import { type ReadRow, readRow } from './read';

/** Which reads: by whom, of whom, when. */
export interface ReadFilter {
  readonly district: number;
  /** Whose records were read. */
  readonly person?: number | undefined;
  /** Who read: a client, and a person for whom one acted. */
  readonly client?: number | undefined;
  readonly reader?: number | undefined;
  /** Instants between which it was: the first inclusive, the second not. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly limit: number;
}

/** Earlier and later than every instant. */
const [EVER, NEVER] = ['0001-01-01T00:00:00.000Z', '9999-01-01T00:00:00.000Z'];

/** The latest reads that fit, the newest first. */
export function openReads(database: Pick<Database, 'all' | 'knex'>) {
  const columns = Object.keys(readRow).map((column) => `held.${column}`);
  const find = text(
    database.knex,
    `select ${columns.join(', ')}
    from reads as held
    where held.district_id = :district and held.at >= :since and held.at < :until
      and (cast(:client as bigint) is null or held.client_id = :client)
      and (cast(:reader as bigint) is null or held.person_id = :reader)
      and (cast(:person as bigint) is null or ${concerns})
    order by held.at desc, held.id desc
    limit :limit`,
    readRow,
  );
  return ({ since = EVER, until = NEVER, client, reader, person, ...rest }: ReadFilter): Promise<ReadRow[]> =>
    database.all(find, {
      ...rest,
      since,
      until,
      client: client ?? null,
      reader: reader ?? null,
      person: person ?? null,
    });
}
