import { clientRow } from '../clients/client';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { instant, integer, nullable, type RowOf, string } from '../database/rows';

/**
 * Why a target is told nothing any more: its receiver said that it is gone (410), it has not worked for days, the database was
 * restored, so that nobody knows how far it had been told, or somebody has asked for it.
 */
export type DisabledReason = 'gone' | 'failing' | 'restored' | 'asked';

const { id, district_id, person_id, signs_in } = clientRow;
/** What of a client says whether it stands. */
const standingRow = { id, district_id, person_id, signs_in };

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
};
export type TargetRow = RowOf<typeof targetRow>;

const columns = Object.keys(targetRow).join(', ');

const own = `district_id = :district and client_id = :client and api = :api`;
const one = `id = :id and ${own}`;

/** What is forgotten when a target begins again. */
const afresh = `disabled_at = null, disabled_reason = null, failures = 0, failing_since = null, next_attempt_at = null,
  last_error = ''`;

/** The statements about targets, other than those that sending them takes. */
export function targetsSql({ knex }: Database) {
  const select = (where: string) => `select ${columns} from webhook_targets where ${where} order by id`;
  return {
    list: text(knex, select(own), targetRow),
    get: text(knex, select(one), targetRow),
    disabled: text(knex, select('district_id = :district and disabled_at is not null'), targetRow),
    all: text(knex, select('1 = 1'), targetRow, { acrossDistricts: 'an operator sees the targets of all districts' }),
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
      `select api_clients.id, api_clients.district_id, api_clients.person_id, api_clients.signs_in
      from api_clients
      where api_clients.id = :client and api_clients.revoked_at is null`,
      standingRow,
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
      returning ${columns}`,
      targetRow,
    ),
    rename: text(
      knex,
      `update webhook_targets set url = coalesce(cast(:url as text), url),
        description = coalesce(cast(:description as text), description)
      where ${one} returning ${columns}`,
      targetRow,
    ),
    enable: text(
      knex,
      `update webhook_targets set ${afresh}
      where ${one} and disabled_reason is distinct from 'restored' returning ${columns}`,
      targetRow,
    ),
    disable: text(
      knex,
      `update webhook_targets set disabled_at = :at, disabled_reason = 'asked'
      where ${one} and disabled_at is null returning ${columns}`,
      targetRow,
    ),
    remove: text(knex, `delete from webhook_targets where ${one} returning ${columns}`, targetRow),
    rotate: text(
      knex,
      `update webhook_targets set secret = :sealed, previous_secret = secret, previous_until = :until
      where ${one} returning ${columns}`,
      targetRow,
    ),
    replay: text(
      knex,
      `update webhook_targets set after_transaction = :after_transaction, after_id = :after_id, epoch = :epoch,
        sending = null, ${afresh}
      where ${one} returning ${columns}`,
      targetRow,
    ),
  };
}
