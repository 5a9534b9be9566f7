import type { Engine, Identity } from './database';
import { postgresInvariants } from './invariants';
import { postgresSchema } from './schema';

/** Added to the server's numbers of transactions: so those of a database that came from another server go on. */
const TRANSACTIONS = '(select coalesce(max(epochs.transactions), 0) from epochs)';

export const postgresEngine = (knex: Engine['knex']): Engine => ({
  knex,
  system: 'postgresql',
  clustered: '',
  partitioned: true,
  migrationLock: 'set local statement_timeout = 0; select pg_advisory_xact_lock(7655260)',
  lastId: (table) =>
    `select coalesce(max(pg_sequences.last_value), 0) as last from pg_sequences
    where format('%I.%I', pg_sequences.schemaname, pg_sequences.sequencename) = pg_get_serial_sequence('${table}', 'id')`,
  resumeIds: (table) => [
    `select setval(pg_get_serial_sequence('${table}', 'id'), cast(:last as bigint)) as last
    where cast(:last as bigint) > 0`,
  ],
  transactionNumber: `(txid_current() + ${TRANSACTIONS})`,
  // All that have a lower number than the oldest that still runs have ended (PostgreSQL's manual, 9.28.9).
  written: () => `select txid_snapshot_xmin(txid_current_snapshot()) + ${TRANSACTIONS} as "transaction", 0 as id`,
  between: (table, after, to) =>
    `(${table}.transaction_id, ${table}.id) > (${after.transaction}, ${after.id})
      and (${table}.transaction_id, ${table}.id) <= (${to.transaction}, ${to.id})`,
  sharedId: (table) => `nextval(pg_get_serial_sequence('${table}', 'id'))`,
  keepSharedIds: () => [],
  skipIds: [
    `select setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, 0) + cast(:gap as bigint)) as last
    from pg_sequences where schemaname = current_schema() and sequencename not like 'knex\\_%'`,
  ],
  tables: `select pg_class.relname as name from pg_class
    where pg_class.relnamespace = to_regnamespace(current_schema()) and pg_class.relkind = 'r'
      and not exists (select 1 from pg_depend
        where pg_depend.classid = cast('pg_class' as regclass) and pg_depend.objid = pg_class.oid and pg_depend.deptype = 'e')
    order by pg_class.relname`,
  // The row as a text needs all of its columns, those that are kept apart too (TOAST).
  readWhole: (table) =>
    `select case when max(length(cast(each as text))) < 0 then '' end as problem from "${table}" as each`,
  readSchema: postgresSchema,
  schemaFile: 'postgres.txt',
  invariants: postgresInvariants,
  folded: (sql) => `lower(${sql} collate "C")`,
  rows: (name, columns) =>
    `(select ${Object.entries(columns)
      .map(([column, type], index) => `cast(value ->> ${index} as ${type}) as ${column}`)
      .join(', ')} from jsonb_array_elements(cast(:${name} as jsonb)))`,
  // An `in` would be a join, of a hundred rows for all that the planner knows: to find one section it would read thousands.
  hasOneOf: (column, name) =>
    `${column} = any(array(select cast(value ->> 0 as bigint) from jsonb_array_elements(cast(:${name} as jsonb))))`,
  // `offset 0` keeps the planner from turning it round: without statistics of a new part it might read all of it.
  lookUp: (table, where) =>
    `cross join lateral (select * from ${table} where ${where} offset 0) as ${table} where true`,
  leftLookUp: (table, where) =>
    `left join lateral (select * from ${table} where ${where} offset 0) as ${table} on true`,
});

/**
 * A row is of the transaction that inserted it (`xmin`, which it keeps until it is written anew), in a database, of a
 * cluster, on a timeline: a dump that is restored inserts it in another, a recovery to a point in time and a standby
 * that is promoted begin another timeline. A standby has what its primary has.
 */
const identityBy = (server: string): Identity => {
  const [here, of] = [
    `(select '.' || oid || '.' from pg_database where datname = current_database())`,
    'cast(epochs.xmin as text)',
  ];
  const whole = `${server} || ${here} || ${of}`;
  return {
    made: `${server} || ${here} || (txid_current() % 4294967296)`,
    // Who is told nothing of the server takes the word of who was.
    holds: `case when pg_is_in_recovery() then true else right(epochs.identity, length(${whole})) = ${whole} end`,
    hold: 'lock table epochs in exclusive mode',
    certain: true,
  };
};

/** The best first: some providers let nobody ask for what it takes. */
export const identities: readonly Identity[] = [
  identityBy(
    `(select system_identifier || '.' from pg_control_system()) || left(pg_walfile_name(pg_current_wal_lsn()), 8)`,
  ),
  identityBy("''"),
];
