import type { Database } from '../database/database';
import { text } from '../database/query';
import { bit, instant, integer, nullable, type RowOf, string } from '../database/rows';
import { START } from '../feed/position';
import { hasScope, standingColumns, standingRow } from './may-be-told';

/**
 * Why a target is told nothing any more: its receiver said that it is gone (410), it has not worked for days, the database was
 * restored, so that nobody knows how far it had been told, somebody has asked for it, or its client may not read attendance any
 * more. The last is never stored: it is told from the client, and passes when that may again.
 */
export type DisabledReason = 'gone' | 'failing' | 'restored' | 'asked' | 'revoked';

const targetRow = {
  id: integer,
  district_id: integer,
  client_id: integer,
  api: string,
  url: string,
  description: string,
  section_id: nullable(integer),
  school_id: nullable(integer),
  created_at: instant,
  /** Until when messages are signed by the secret before, too. */
  previous_until: nullable(instant),
  /** When it was last told something. */
  delivered_at: nullable(instant),
  failing_since: nullable(instant),
  next_attempt_at: nullable(instant),
  last_error: string,
  disabled_at: nullable(instant),
  disabled_reason: nullable(string),
  /** From where it is told on, in the database of that epoch. */
  after_transaction: string,
  after_id: integer,
  epoch: string,
};
export type TargetRow = RowOf<typeof targetRow>;

const columns = Object.keys(targetRow).join(', ');

const own = `district_id = :district and client_id = :client and api = :api`;
const one = `id = :id and ${own}`;

/**
 * What it was told may be gone from a database that was restored, and other changes may be in its place; but not before the first.
 * @param present the epoch of the database as it is
 */
export const isOfAnotherDatabase = (
  { after_transaction, after_id, epoch }: Pick<TargetRow, 'after_transaction' | 'after_id' | 'epoch'>,
  present: string,
): boolean => epoch !== present && !(after_transaction === START.transaction && after_id === START.id);

const ofAnotherDatabase = `(targets.epoch <> :epoch
  and not (targets.after_transaction = '${START.transaction}' and targets.after_id = ${START.id}))`;

/**
 * The same in SQL, and with it why one of `targets` is disabled, null where it is not: as it stands, whether or not the process
 * that sends has come upon it. `:epoch` is that of the database as it is. Of what its client may read it knows nothing.
 */
export const disabledReason = `case
  when targets.disabled_reason is distinct from 'asked' and ${ofAnotherDatabase} then 'restored'
  else targets.disabled_reason end`;

/** What is forgotten when a target begins again. */
const afresh = `disabled_at = null, disabled_reason = null, failures = 0, failing_since = null, next_attempt_at = null,
  last_error = ''`;

/** The statements about targets, other than those that sending them takes. */
export function targetsSql({ knex }: Database) {
  const select = (where: string) => `select ${columns} from webhook_targets where ${where} order by id`;
  const id = { id: integer };
  return {
    list: text(knex, select(own), targetRow),
    get: text(knex, select(one), targetRow),
    inDistrict: text(knex, select('district_id = :district'), targetRow),
    all: text(knex, select('1 = 1'), targetRow, { acrossDistricts: 'an operator sees the targets of all districts' }),
    /** When the database began to be this one: when it was restored, where it was. */
    present: text(knex, 'select max(epochs.made_at) as since from epochs', { since: nullable(instant) }),
    owner: text(
      knex,
      `select webhook_targets.district_id as district, webhook_targets.client_id as client, webhook_targets.api
      from webhook_targets
      where webhook_targets.id = :id`,
      { district: integer, client: integer, api: string },
      { acrossDistricts: 'an operator names targets by their ids alone' },
    ),
    clientById: text(
      knex,
      `select ${standingColumns}, case when ${hasScope} then 1 else 0 end as has_scope
      from api_clients
      where api_clients.id = :client and api_clients.revoked_at is null`,
      { ...standingRow, has_scope: bit },
      { acrossDistricts: 'an operator names clients by their ids alone' },
    ),
    client: text(
      knex,
      'select api_clients.person_id from api_clients where api_clients.id = :client and api_clients.district_id = :district',
      { person_id: nullable(integer) },
    ),
    hold: text(knex, 'update districts set name = name where id = :district'),
    count: text(
      knex,
      `select count(*) as of_district, count(case when client_id = :client then 1 end) as of_client
      from webhook_targets where district_id = :district`,
      { of_district: integer, of_client: integer },
    ),
    add: text(
      knex,
      `insert into webhook_targets (district_id, client_id, api, url, description, section_id, school_id, secret, created_at,
        after_transaction, after_id, epoch)
      values (:district, :client, :api, :url, :description, :section, :school, :sealed, :at, :after_transaction, :after_id,
        :epoch)
      returning id`,
      id,
    ),
    rename: text(
      knex,
      `update webhook_targets set url = coalesce(cast(:url as text), url),
        next_attempt_at = case when url = coalesce(cast(:url as text), url) then next_attempt_at end,
        description = coalesce(cast(:description as text), description)
      where ${one} returning id`,
      id,
    ),
    enable: text(
      knex,
      `update webhook_targets set ${afresh}
      where ${one} and disabled_reason is distinct from 'restored' returning id`,
      id,
    ),
    disable: text(
      knex,
      `update webhook_targets set disabled_at = :at, disabled_reason = :reason
      where ${one} and disabled_at is null returning id`,
      id,
    ),
    remove: text(knex, `delete from webhook_targets where ${one} returning id`, id),
    rotate: text(
      knex,
      `update webhook_targets set secret = :sealed, previous_secret = secret, previous_until = :until
      where ${one} returning id`,
      id,
    ),
    replay: text(
      knex,
      `update webhook_targets set after_transaction = :after_transaction, after_id = :after_id, epoch = :epoch,
        sending = null, ${afresh}
      where ${one} returning id`,
      id,
    ),
  };
}
