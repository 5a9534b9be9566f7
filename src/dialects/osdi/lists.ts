import type { Actor } from '../../actor';
import type { Database } from '../../database/database';
import { adHocQueries } from '../../database/query';
import type { Condition } from '../../ledger/condition';
import type { Column, Place } from '../../ledger/query';
import { Columns } from '../../ledger/sql/columns';
import { conditionSql, Parameters } from '../../ledger/sql/condition';
import { yesterday } from '../../roster/teaches';

export interface ListSpec {
  readonly columns: Readonly<Record<string, Column>>;
  /** Tables and conditions, in terms of `:district`, `:person` and `:yesterday`. */
  readonly from: string;
  /** The columns that tell its rows apart, in whose order they come. */
  readonly key: readonly string[];
}

export interface ListSlice {
  readonly condition: Condition;
  readonly after?: Place | undefined;
  readonly before?: Place | undefined;
  readonly offset?: number;
  readonly limit: number;
}

/** A list of something other than entries that is read by conditions, in pages by the key. */
export function openList<Row>(database: Database, spec: ListSpec) {
  const adHoc = adHocQueries(database.knex);
  const columns = new Columns(spec.columns);
  const key = spec.key.map((column) => columns.ordered(column));
  const scope = ({ district, person }: Actor) => ({ district, person, yesterday: yesterday() });

  return {
    async rows(actor: Actor, { condition, after, before, offset = 0, limit }: ListSlice): Promise<Row[]> {
      const parameters = new Parameters();
      const where = conditionSql(database, columns, parameters)(condition);
      const place = (after ?? before)?.map((value) => `:${parameters.add(value)}`);
      const bound = place ? `and (${key.join(', ')}) ${before ? '<' : '>'} (${place.join(', ')})` : '';
      const query = adHoc(`select ${columns.list} from ${spec.from} and ${where} ${bound}
        order by ${key.map((column) => (before ? `${column} desc` : column)).join(', ')}
        limit :limit offset :offset`);
      const rows = await database.all<Row>(query, { ...scope(actor), ...parameters.values, limit, offset });
      return before ? rows.reverse() : rows;
    },

    async count(actor: Actor, condition: Condition): Promise<number> {
      const parameters = new Parameters();
      const query = adHoc(
        `select count(*) as count from ${spec.from} and ${conditionSql(database, columns, parameters)(condition)}`,
      );
      const [row] = await database.all<{ count: number }>(query, { ...scope(actor), ...parameters.values });
      return row!.count;
    },
  };
}
