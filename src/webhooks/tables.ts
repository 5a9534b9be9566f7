import type { Invariant } from '../database/invariants';
import { clientsOfPerson, type PersonalData } from '../database/personal-data';
import { disabledReason } from './targets-sql';

/** The webhooks of the API clients that are bound to a person, without their secrets; an erasure removes them. */
export const webhookPersonalData: readonly PersonalData[] = [
  {
    name: 'webhook_targets',
    table: 'webhook_targets',
    where: (engine) => `held.district_id = :district and held.client_id in ${clientsOfPerson(engine)}`,
    key: ['id'],
    columns: {
      id: 'number of the target',
      district_id: 'the district',
      client_id: 'the API client that has made it',
      api: 'the API by which it was made',
      url: 'where messages go',
      description: 'what it is for',
      section_id: 'the section whose changes are sent; none for all that the person may read',
      school_id: 'the school whose changes are sent',
      created_at: 'when it was made, ISO 8601',
      delivered_at: 'when a message last arrived, ISO 8601',
      disabled_at: 'when it was disabled, ISO 8601',
      disabled_reason: 'why',
    },
    erasure: 'remove',
  },
];

export const webhookInvariants: readonly Invariant[] = [
  {
    name: 'webhook_client',
    table: 'webhook_targets',
    level: 'error',
    right: 'A webhook is of a client of its own district.',
    asked: { table: 'webhook_targets', columns: ['district_id', 'client_id'] },
    broken: `select asked.id, asked.district_id, asked.client_id
      from asked
      left join api_clients on api_clients.id = asked.client_id
      where api_clients.id is null or api_clients.district_id <> asked.district_id`,
  },
  {
    name: 'webhook_sight',
    table: 'webhook_targets',
    level: 'error',
    right: 'The section and the school of a webhook are of its own district.',
    broken: `select webhook_targets.id, webhook_targets.district_id, webhook_targets.section_id, webhook_targets.school_id
      from webhook_targets
      left join sections on sections.district_id = webhook_targets.district_id
        and sections.id = webhook_targets.section_id
      left join schools on schools.district_id = webhook_targets.district_id and schools.id = webhook_targets.school_id
      where (webhook_targets.section_id is not null and sections.id is null)
        or (webhook_targets.school_id is not null and schools.id is null)`,
  },
  {
    name: 'webhook_disabled',
    table: 'webhook_targets',
    level: 'warning',
    right: 'A webhook works. One that was disabled is told nothing until `rollbook webhook enable` or `replay`.',
    broken: `select targets.id, targets.district_id, ${disabledReason} as disabled_reason
      from webhook_targets as targets
      where ${disabledReason} <> 'asked'`,
  },
];
