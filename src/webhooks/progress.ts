import type { Database, Executor } from '../database/database';
import { type Query, text, type Values } from '../database/query';
import { instant, integer, nullable, type RowOf, string } from '../database/rows';
import type { Position } from '../feed/position';
import { openHeld } from './lease';
import { openMayBeTold } from './may-be-told';
import type { DisabledReason } from './targets-sql';

const targetRow = {
  id: integer,
  district_id: integer,
  client_id: integer,
  api: string,
  section_id: nullable(integer),
  school_id: nullable(integer),
  after_transaction: string,
  after_id: integer,
  epoch: string,
  /** How many changes after that place are on their way: they are sent again as the same messages. */
  sending: nullable(integer),
  failures: integer,
  failing_since: nullable(instant),
  next_attempt_at: nullable(instant),
};
/** A target that is to be told: what it may see, and how far it has been told. */
export interface Progress extends RowOf<typeof targetRow> {
  /** As whom it sees: null for all of the district. */
  readonly person_id: number | null;
}

const claimedRow = {
  url: string,
  secret: string,
  previous_secret: nullable(string),
  previous_until: nullable(instant),
};
/** Where messages go, and by which sealed secrets they are signed. */
export type Claimed = RowOf<typeof claimedRow>;

/** What is noted of an attempt that failed. */
export interface Failure {
  readonly failures: number;
  readonly since: string;
  readonly next: string;
  readonly error: string;
}

const columns = Object.keys(targetRow).map((name) => `targets.${name}`);

/** The target is as this process knows it. */
const asKnown = `targets.district_id = :district and targets.id = :id and targets.after_transaction = :transaction
  and targets.after_id = :after and targets.disabled_at is null`;

/**
 * How far each target has been told. What is noted is noted only as long as the target stands where this process thinks, and
 * the process holds the lease by this name: of two that both think so, one notes nothing, and sends nothing more.
 */
export function openProgress(database: Database, holder: string) {
  const { knex, all, transaction } = database;
  const mayBeTold = openMayBeTold(database);
  const isHeld = openHeld(database);
  const noted = { id: integer };
  const update = (changes: string) => `update webhook_targets as targets set ${changes} where ${asKnown}`;
  const sql = {
    due: text(
      knex,
      `select ${columns.join(', ')}
      from webhook_targets as targets
      where targets.disabled_at is null
      order by targets.id`,
      targetRow,
      { acrossDistricts: 'one process sends for all districts' },
    ),
    claim: text(
      knex,
      `${update('after_transaction = :to_transaction, after_id = :to, epoch = :epoch, sending = :sending')}
      returning url, secret, previous_secret, previous_until`,
      claimedRow,
    ),
    pass: text(
      knex,
      `${update('after_transaction = :to_transaction, after_id = :to, epoch = :epoch, sending = null')} returning id`,
      noted,
    ),
    told: text(
      knex,
      `${update(`after_transaction = :to_transaction, after_id = :to, epoch = :epoch, sending = null, delivered_at = :at, failures = 0,
        failing_since = null, next_attempt_at = null, last_error = ''`)} returning id`,
      noted,
    ),
    failed: text(
      knex,
      `${update('failures = :failures, failing_since = :since, next_attempt_at = :next, last_error = :error')} returning id`,
      noted,
    ),
    disabled: text(
      knex,
      // One that was replayed meanwhile is of this database, though it may stand where it stood.
      `${update('disabled_at = :at, disabled_reason = :reason, last_error = :error')} and targets.epoch = :epoch returning id`,
      noted,
    ),
  };

  const note = async <Row>(
    tx: Executor,
    query: Query<Row>,
    { district_id, id, after_transaction, after_id, epoch }: Progress,
    more: Values,
  ) => {
    if (!(await isHeld(tx, holder))) return undefined;
    const known = { district: district_id, id, transaction: after_transaction, after: after_id, epoch };
    return (await tx.all(query, { ...known, ...more }))[0];
  };
  const noting = <Row>(query: Query<Row>, target: Progress, more: Values) =>
    transaction((tx) => note(tx, query, target, more));
  const isNoted = async (...noted: Parameters<typeof noting<{ id: number }>>) => (await noting(...noted)) !== undefined;
  const at = () => new Date().toISOString();

  return {
    /** Every target that is to be told what changes. */
    async due(): Promise<Progress[]> {
      const targets = await all(sql.due);
      const clients = await mayBeTold(targets.map(({ client_id }) => client_id));
      return targets.flatMap((target) => {
        const client = clients.get(target.client_id);
        return client ? [{ ...target, person_id: client.person_id }] : [];
      });
    },

    /** Says that so many changes after a place are on their way; undefined where they are not to be sent. */
    claim: (target: Progress, to: Position, sending: number): Promise<Claimed | undefined> =>
      transaction(async (tx) => {
        const clients = await mayBeTold([target.client_id], tx);
        return clients.size > 0 ? note(tx, sql.claim, target, { ...placed(to), sending }) : undefined;
      }),

    /** Says that there was nothing to tell up to a place. */
    pass: (target: Progress, to: Position): Promise<boolean> => isNoted(sql.pass, target, placed(to)),

    /** Says that it has been told all up to a place. */
    told: (target: Progress, to: Position): Promise<boolean> => isNoted(sql.told, target, { ...placed(to), at: at() }),

    failed: (target: Progress, failure: Failure): Promise<boolean> => isNoted(sql.failed, target, { ...failure }),

    disabled: (target: Progress, reason: DisabledReason, error: string): Promise<boolean> =>
      isNoted(sql.disabled, target, { reason, error, at: at() }),
  };
}

const placed = ({ transaction, id }: Position) => ({ to_transaction: transaction, to: id });
