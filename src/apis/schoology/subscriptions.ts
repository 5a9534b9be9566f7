import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { bit, integer, oneOf } from '../../database/rows';
import type { Actor } from '../../ledger/actor';

/** The one trigger that there is here. */
export const ATTENDANCE = 'attendance';

/** Whether a target is told of a trigger, and whether it is told what has changed. */
export interface Subscription {
  readonly target_id: number;
  readonly trigger: typeof ATTENDANCE;
  readonly subscribed: 0 | 1;
  readonly include_object: 0 | 1;
}

/** What targets are subscribed to. */
export function openSubscriptions({ knex, rows, all, transaction }: Database) {
  const put = text(
    knex,
    `insert into schoology_subscriptions (district_id, target_id, event, subscribed, include_object)
    values (:district, :target_id, :trigger, cast(:subscribed as boolean), cast(:include_object as boolean))
    on conflict (district_id, target_id, event) do update set
      subscribed = excluded.subscribed, include_object = excluded.include_object`,
  );
  const find = text(
    knex,
    `select schoology_subscriptions.target_id, schoology_subscriptions.event as "trigger",
      schoology_subscriptions.subscribed, schoology_subscriptions.include_object
    from schoology_subscriptions
    where schoology_subscriptions.district_id = :district
      and schoology_subscriptions.target_id in (select asked.id from ${rows('targets', { id: 'bigint' })} as asked)
    order by schoology_subscriptions.target_id`,
    { target_id: integer, trigger: oneOf(ATTENDANCE), subscribed: bit, include_object: bit },
  );
  return {
    async put({ district }: Pick<Actor, 'district'>, { target_id, trigger, subscribed, include_object }: Subscription) {
      const values = { district, target_id, trigger, subscribed, include_object };
      await transaction((tx) => tx.all(put, values));
    },

    async of(
      { district }: Pick<Actor, 'district'>,
      targets: readonly { readonly id: number }[],
    ): Promise<Subscription[]> {
      const found = await all(find, { district, targets: JSON.stringify(targets.map(({ id }) => [id])) });
      return found.map(({ subscribed, include_object, ...rest }) => ({
        ...rest,
        subscribed: subscribed ? 1 : 0,
        include_object: include_object ? 1 : 0,
      }));
    },
  };
}
