import { ResourceQuery } from '../../../schemas/schoology/parts';
import {
  NewTriggerTargetReply,
  type SentSubscription,
  type TriggerResult,
  type TriggerSubscription,
  TriggerSubscriptionsBody,
  TriggerSubscriptionsPutReply,
  TriggerSubscriptionsReply,
  type TriggerTarget,
  TriggerTargetBody,
  TriggerTargetReply,
  TriggerTargetsReply,
} from '../../../schemas/schoology/triggers';
import type { Caller } from '../../clients/client';
import { openFeed } from '../../feed/feed';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import type { Target } from '../../webhooks/targets';
import type { Dependencies } from '../dependencies';
import { ATTENDANCE, openSubscriptions } from './subscriptions';

/**
 * `triggers/targets` and `triggers/subscriptions`: where events of Schoology go, and which. A target is told nothing before it is
 * subscribed.
 */
export function triggerEndpoints({ database, webhooks }: Pick<Dependencies, 'database' | 'webhooks'>): Endpoint[] {
  const feed = openFeed(database);
  const subscriptions = openSubscriptions(database);
  const common = { scope: 'attendance:read', current: true } as const;
  const targets = { ...common, path: '/triggers/targets' } as const;
  const one = { ...common, path: '/triggers/targets/:target' } as const;
  const subscribed = { ...common, path: '/triggers/subscriptions' } as const;

  /** The id of a target of the caller's. */
  async function knownId(caller: Caller, text: string): Promise<number> {
    const target = (await webhooks.list(caller)).find(({ id }) => String(id) === text);
    if (!target) throw new Problem('NOT_FOUND', `There is no target ${text.slice(0, 60)} here.`);
    return target.id;
  }

  /**
   * A listener says at each start that it is subscribed: it waits for events. One that was not, or whose target is disabled, is told
   * what happens from now on; what happened before is passed over first: then nothing after it is. One whose target is failing is
   * told at once what waits.
   */
  async function goOn(caller: Caller, target: Target): Promise<void> {
    const [{ subscribed } = { subscribed: 0 }] = await subscriptions.of(caller, [target]);
    if (subscribed === 0 || target.state === 'disabled')
      await webhooks.replay(caller, target.id, await feed.now(caller.district));
    else if (target.state === 'failing') await webhooks.change(caller, target.id, { enabled: true });
  }

  /** One item of a PUT: it is answered as it then stands, or as it was sent with what is wrong with it. */
  async function subscribe(caller: Caller, known: readonly Target[], item: SentSubscription): Promise<TriggerResult> {
    const sent = sentOf(item);
    const { target_id, trigger } = sent;
    const target = known.find(({ id }) => id === target_id);
    if (!target) return { item: sent, message: `The target with id ${target_id} does not exist`, status: 404 };
    if (trigger !== ATTENDANCE)
      return { item: sent, message: `The trigger with name ${trigger} does not exist`, status: 400 };
    if (sent.subscribed === 1) await goOn(caller, target);
    await subscriptions.put(caller, { ...sent, trigger });
    return { item: { ...sent, target_url: target.url }, status: 200 };
  }

  return [
    endpoint({
      ...targets,
      method: 'GET',
      summary: 'Lists the targets of event triggers',
      schemas: { query: ResourceQuery, reply: TriggerTargetsReply },
      async handle({ caller }) {
        return { status: 200, body: { target: (await webhooks.list(caller)).map(targetOf) } };
      },
    }),
    endpoint({
      ...targets,
      method: 'POST',
      summary: 'Adds a target; its secret is shown now alone',
      successes: [201],
      errors: ['WEBHOOK_LIMIT', 'SESSION_FORBIDDEN'],
      schemas: { query: ResourceQuery, body: TriggerTargetBody, reply: NewTriggerTargetReply },
      async handle({ caller, body: { target: url, description = '' } }) {
        const after = await feed.now(caller.district);
        const request = { url, description, section: null, school: null, after };
        const { secret, ...added } = await webhooks.add(caller, request, 'target');
        return { status: 201, body: { ...targetOf(added), secret } };
      },
    }),
    endpoint({
      ...one,
      method: 'PUT',
      summary: 'Changes a target',
      schemas: { query: ResourceQuery, body: TriggerTargetBody, reply: TriggerTargetReply },
      async handle({ caller, params, body: { target: url, description } }) {
        const id = await knownId(caller, params.target);
        const { url: before } = await webhooks.get(caller, id);
        const changed = await webhooks.change(caller, id, { url, description }, 'target');
        // What did not work was at the address before: events go on, to the new one.
        if (changed.state === 'disabled' && changed.url !== before)
          await webhooks.replay(caller, id, await feed.now(caller.district));
        return { status: 200, body: targetOf(changed) };
      },
    }),
    endpoint({
      ...one,
      method: 'DELETE',
      summary: 'Removes a target',
      successes: [204],
      schemas: { query: ResourceQuery },
      async handle({ caller, params }) {
        await webhooks.remove(caller, await knownId(caller, params.target));
        return { status: 204 };
      },
    }),
    endpoint({
      ...subscribed,
      method: 'GET',
      summary: 'Lists which targets are told of which events',
      schemas: { query: ResourceQuery, reply: TriggerSubscriptionsReply },
      async handle({ caller }) {
        const known = await webhooks.list(caller);
        const subscription = (await subscriptions.of(caller, known)).flatMap((each): TriggerSubscription[] => {
          const target = known.find(({ id }) => id === each.target_id);
          return target ? [{ ...each, version: 'v1', target_url: target.url }] : [];
        });
        return { status: 200, body: { subscription } };
      },
    }),
    endpoint({
      ...subscribed,
      method: 'PUT',
      summary: 'Says which targets are told of which events',
      schemas: { query: ResourceQuery, body: TriggerSubscriptionsBody, reply: TriggerSubscriptionsPutReply },
      async handle({ caller, body }) {
        const known = await webhooks.list(caller);
        const subscription: TriggerResult[] = [];
        for (const item of body.subscription) subscription.push(await subscribe(caller, known, item));
        return { status: 200, body: { subscription } };
      },
    }),
  ];
}

const targetOf = ({ id, url, description }: Target): TriggerTarget => ({ id, target: url, description });

const sentOf = ({ target_id, trigger, subscribed, include_object = 0 }: SentSubscription) =>
  ({
    target_id: Number(target_id),
    trigger,
    version: 'v1',
    subscribed: bitOf(subscribed),
    include_object: bitOf(include_object),
  }) as const;

const bitOf = (sent: 0 | 1 | '0' | '1'): 0 | 1 => (Number(sent) === 1 ? 1 : 0);
