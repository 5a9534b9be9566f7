import {
  DisabledWebhooksReply,
  type Webhook,
  WebhookBody,
  WebhookChangeBody,
  WebhookReplayBody,
  WebhookReply,
  WebhookRotateBody,
  WebhookSecretReply,
  WebhooksReply,
} from '../../../schemas/rollbook/webhooks';
import { cursorsBy } from '../../feed/cursors';
import { openFilter } from '../../feed/filter';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import { openPlaces } from '../../webhooks/places';
import type { Target } from '../../webhooks/targets';
import type { Dependencies } from '../dependencies';

/** How long messages are signed by the secret before as well, in seconds. */
const GRACE = 86_400;

/** `/webhooks`: where the changes that a client may read are sent to, as they happen. */
export function webhookEndpoints({ database, roster, clients, signer, webhooks }: Dependencies): Endpoint[] {
  const placeOf = openPlaces(database, cursorsBy(signer));
  const filterOf = openFilter(database, roster);
  const common = { scope: 'attendance:read', current: true } as const;
  const one = { ...common, path: '/:webhook' } as const;

  return [
    endpoint({
      ...common,
      path: '/',
      method: 'GET',
      summary: 'Lists the webhooks of the client',
      schemas: { reply: WebhooksReply },
      async handle({ caller }) {
        return { status: 200, body: { webhooks: (await webhooks.list(caller)).map(webhookOf) } };
      },
    }),
    endpoint({
      ...common,
      path: '/',
      method: 'POST',
      summary: 'Adds a webhook; its secret is shown now alone',
      successes: [201],
      errors: ['NOT_FOUND', 'WEBHOOK_LIMIT', 'CURSOR_EXPIRED', 'SESSION_FORBIDDEN'],
      headers: { Location: 'Where the webhook is.' },
      schemas: { body: WebhookBody, reply: WebhookSecretReply },
      async handle(call) {
        const { url, description = '', after = 'now' } = call.body;
        const [section, school] = [call.body.section?.toString(), call.body.school?.toString()];
        const filter = await filterOf(call.caller, { section, school }, 'BODY_INVALID');
        const place = await placeOf(ofCall(call), after, filter);
        const request = { url, description, ...filter, after: place };
        const { secret, ...added } = await webhooks.add(call.caller, request);
        return {
          status: 201,
          headers: { Location: call.link(`/webhooks/${added.id}`) },
          body: { ...webhookOf(added), secret },
        };
      },
    }),
    endpoint({
      ...common,
      scope: 'roster:write', // the office's
      path: '/disabled',
      method: 'GET',
      summary: 'Lists the webhooks of the district that were disabled because they did not work',
      schemas: { reply: DisabledWebhooksReply },
      async handle({ caller }) {
        if (caller.person !== null) throw new Problem('OFFICE_ONLY', 'The webhooks of others are the office’s to see.');
        const names = new Map((await clients.namesIn(caller.district)).map(({ id, name }) => [id, name]));
        const disabled = (await webhooks.disabledIn(caller.district)).flatMap((target) => {
          const { id, client_id, url, description, disabled_at, disabled_reason, last_error } = target;
          if (disabled_at === null || disabled_reason === null) return [];
          if (disabled_reason === 'asked' || disabled_reason === 'revoked') return [];
          const { host } = new URL(url); // the rest of it may be a secret of the receiver's
          return [
            { id, client: names.get(client_id) ?? '', host, description, disabled_at, disabled_reason, last_error },
          ];
        });
        return { status: 200, body: { webhooks: disabled } };
      },
    }),
    endpoint({
      ...one,
      method: 'GET',
      summary: 'Reads a webhook',
      schemas: { reply: WebhookReply },
      async handle({ caller, params }) {
        return { status: 200, body: webhookOf(await webhooks.get(caller, idOf(params.webhook))) };
      },
    }),
    endpoint({
      ...one,
      method: 'PATCH',
      summary: 'Changes a webhook, disables it, or enables it again',
      errors: ['WEBHOOK_RESTORED'],
      schemas: { body: WebhookChangeBody, reply: WebhookReply },
      async handle({ caller, params, body }) {
        return { status: 200, body: webhookOf(await webhooks.change(caller, idOf(params.webhook), body)) };
      },
    }),
    endpoint({
      ...one,
      method: 'DELETE',
      summary: 'Removes a webhook',
      successes: [204],
      async handle({ caller, params }) {
        await webhooks.remove(caller, idOf(params.webhook));
        return { status: 204 };
      },
    }),
    endpoint({
      ...one,
      path: '/:webhook/rotate',
      method: 'POST',
      summary: 'Gives a webhook another secret; the one before is good for a while',
      schemas: { body: WebhookRotateBody, reply: WebhookSecretReply },
      async handle({ caller, params, body: { grace = GRACE } }) {
        const { secret, ...rotated } = await webhooks.rotate(caller, idOf(params.webhook), grace);
        return { status: 200, body: { ...webhookOf(rotated), secret } };
      },
    }),
    endpoint({
      ...one,
      path: '/:webhook/replay',
      method: 'POST',
      summary: 'Sends the changes after a cursor once more',
      errors: ['CURSOR_EXPIRED'],
      schemas: { body: WebhookReplayBody, reply: WebhookReply },
      async handle(call) {
        const {
          id,
          section_id: section,
          school_id: school,
        } = await webhooks.get(call.caller, idOf(call.params.webhook));
        const place = await placeOf(ofCall(call), call.body.after, { section, school });
        return {
          status: 200,
          body: webhookOf(await webhooks.replay(call.caller, id, place)),
        };
      },
    }),
  ];
}

const ofCall = ({ caller, epoch }: Pick<Call, 'caller' | 'epoch'>) => ({ district: caller.district, epoch });

function idOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new Problem('NOT_FOUND', `There is no webhook ${text.slice(0, 60)} here.`);
  return Number(text);
}

const webhookOf = ({ district_id: _district, client_id: _client, api: _api, ...target }: Target): Webhook => {
  const { section_id: section, school_id: school, previous_until, disabled_at: _disabled, ...rest } = target;
  return { ...rest, section, school, previous_secret_until: previous_until };
};
