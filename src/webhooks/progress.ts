import { withPerson } from '../clients/client';
import type { Database } from '../database/database';
import { type Query, text, type Values } from '../database/query';
import { instant, integer, nullable, type RowOf, string } from '../database/rows';
import type { Position } from '../feed/position';
import { isHeld } from './lease';
import { type DisabledReason, mayBeTold } from './targets-sql';

const progressRow = {
  id: integer,
  district_id: integer,
  client_id: integer,
  person_id: nullable(integer),
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
export type Progress = RowOf<typeof progressRow>;

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

const columns = Object.keys(progressRow).map((name) =>
  name === 'person_id' ? `api_clients.${name}` : `targets.${name}`,
);

/** The target is as this process knows it, and the process is the one that sends. */
const asKnown = `targets.district_id = :district and targets.id = :id and targets.after_transaction = :transaction
  and targets.after_id = :after and targets.disabled_at is null and ${isHeld}`;

const acrossDistricts = 'one process sends for all districts';

/**
 * How far each target has been told. What is noted is noted only as long as the target stands where this process thinks, and
 * the process holds the lease by this name: of two that both think so, one notes nothing, and sends nothing more.
 */
export function openProgress({ knex, all, transaction }: Database, holder: string) {
  const id = { id: integer };
  const update = (changes: string) => `update webhook_targets as targets set ${changes} where ${asKnown}`;
  const sql = {
    due: text(
      knex,
      `select ${columns.join(', ')}
      from api_clients ${withPerson}
      join webhook_targets as targets on targets.client_id = api_clients.id
      where targets.disabled_at is null and ${mayBeTold}
      order by targets.id`,
      progressRow,
      { acrossDistricts },
    ),
    claim: text(
      knex,
      `${update('after_transaction = :to_transaction, after_id = :to, epoch = :epoch, sending = :sending')}
        and exists (select 1 from api_clients ${withPerson} where api_clients.id = targets.client_id and ${mayBeTold})
      returning url, secret, previous_secret, previous_until`,
      claimedRow,
    ),
    pass: text(
      knex,
      `${update('after_transaction = :to_transaction, after_id = :to, epoch = :epoch, sending = null')} returning id`,
      id,
    ),
    told: text(
      knex,
      `${update(`after_transaction = :to_transaction, after_id = :to, epoch = :epoch, sending = null, delivered_at = :at, failures = 0,
        failing_since = null, next_attempt_at = null, last_error = ''`)} returning id`,
      id,
    ),
    failed: text(
      knex,
      `${update('failures = :failures, failing_since = :since, next_attempt_at = :next, last_error = :error')} returning id`,
      id,
    ),
    disabled: text(
      knex,
      // One that was replayed meanwhile is of this database, though it may stand where it stood.
      `${update('disabled_at = :at, disabled_reason = :reason, last_error = :error')} and targets.epoch = :epoch returning id`,
      id,
    ),
  };

  const noting = async <Row>(
    query: Query<Row>,
    { district_id, id, after_transaction, after_id, epoch }: Progress,
    more: Values,
  ) => {
    const known = { district: district_id, id, transaction: after_transaction, after: after_id, holder, epoch };
    return (await transaction((tx) => tx.all(query, { ...known, ...more })))[0];
  };
  const isNoted = async (...noted: Parameters<typeof noting<{ id: number }>>) => (await noting(...noted)) !== undefined;
  const at = () => new Date().toISOString();

  return {
    /** Every target that is to be told what changes. */
    due: (): Promise<Progress[]> => all(sql.due),

    /** Says that so many changes after a place are on their way; undefined where they are not to be sent. */
    claim: (target: Progress, to: Position, sending: number): Promise<Claimed | undefined> =>
      noting(sql.claim, target, { ...placed(to), sending }),

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
