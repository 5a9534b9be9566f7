import type { Invariant } from '../../database/invariants';
import { clientsOfPerson, type PersonalData } from '../../database/personal-data';

/** What a person's client is subscribed to; it goes with its targets. */
export const schoologyPersonalData: readonly PersonalData[] = [
  {
    name: 'schoology_subscriptions',
    table: 'schoology_subscriptions',
    where: (engine) => `held.district_id = :district and held.target_id in (
      select targets.id from webhook_targets as targets
      where targets.district_id = :district and targets.client_id in ${clientsOfPerson(engine)})`,
    key: ['target_id', 'event'],
    columns: {
      district_id: 'the district',
      target_id: 'the webhook',
      event: 'the trigger',
      subscribed: 'whether it is told of it',
      include_object: 'whether it is told what has changed',
    },
    erasure: 'remove',
  },
];

export const schoologyInvariants: readonly Invariant[] = [
  {
    name: 'schoology_subscription_target',
    table: 'schoology_subscriptions',
    level: 'error',
    right: 'A subscription is of a target that was made by Schoology’s API in the same district.',
    broken: `select schoology_subscriptions.district_id, schoology_subscriptions.target_id
      from schoology_subscriptions
      left join webhook_targets on webhook_targets.district_id = schoology_subscriptions.district_id
        and webhook_targets.id = schoology_subscriptions.target_id
      where webhook_targets.id is null or webhook_targets.api <> 'schoology'`,
  },
];
