import { Type } from '@sinclair/typebox';
import { closed, nullable, oneOf, type TypeOf } from '../types';
import { Id, Instant } from './parts';

const Url = Type.String({
  minLength: 1,
  maxLength: 2_000,
  description: 'Where messages go: an https address.',
  examples: ['https://sis.example.org/attendance'],
});

const Description = Type.String({
  maxLength: 200,
  description: 'What it is for, for whoever reads the list.',
  examples: ['the SIS'],
});

const After = Type.String({
  minLength: 1,
  maxLength: 2_000,
  description: '`now`, `start`, or a cursor of `GET /changes` or of a message: what comes after it is sent.',
  examples: ['now'],
});

const instantOrNull = (description: string) => nullable(Instant, { description, examples: [null] });

const webhook = {
  id: Id,
  url: Url,
  description: Description,
  section: nullable(Id, { description: 'The section whose changes are sent; null for all.', examples: [null] }),
  school: nullable(Id, { description: 'The school whose changes are sent; null for all.', examples: [null] }),
  created_at: Instant,
  state: oneOf(['working', 'failing', 'disabled'], {
    description: 'failing: the last attempt failed, and there will be another. disabled: nothing is sent any more.',
    examples: ['working'],
  }),
  disabled_reason: oneOf(['gone', 'failing', 'restored', 'asked', 'revoked', null], {
    description:
      'gone: it answered 410. failing: it did not work for five days. restored: the database was restored. asked: somebody has disabled it. revoked: its client may not read attendance any more.',
    examples: [null],
  }),
  delivered_at: instantOrNull('When a message last arrived.'),
  failing_since: instantOrNull('Since when no message has arrived.'),
  next_attempt_at: instantOrNull('When it is tried again, where the last attempt failed.'),
  last_error: Type.String({ description: 'Why the last attempt failed; empty where it did not.', examples: [''] }),
  previous_secret_until: instantOrNull(
    'Until when messages are signed by the secret before, too; null where that is over.',
  ),
};

const example = {
  id: 3,
  url: 'https://sis.example.org/attendance',
  description: 'the SIS',
  section: null,
  school: null,
  created_at: '2025-10-06T14:03:00.000Z',
  state: 'working',
  disabled_reason: null,
  delivered_at: null,
  failing_since: null,
  next_attempt_at: null,
  last_error: '',
  previous_secret_until: null,
} as const;

export const WebhookReply = closed(webhook, {
  title: 'Webhook',
  description: 'Where changes are sent to as they happen, and how that goes.',
  examples: [example],
});
export type Webhook = TypeOf<typeof WebhookReply>;

export const WebhooksReply = closed(
  { webhooks: Type.Array(WebhookReply) },
  {
    title: 'Webhooks',
    description: 'The webhooks that the client has made.',
    examples: [{ webhooks: [example] }],
  },
);

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';

export const WebhookSecretReply = closed(
  {
    ...webhook,
    secret: Type.String({
      description: 'By which messages are signed (Standard Webhooks 1.0). It is shown this once.',
      examples: [secret],
    }),
  },
  {
    title: 'WebhookWithSecret',
    description: 'A webhook and its new secret.',
    examples: [{ ...example, secret }],
  },
);

export const WebhookBody = closed(
  {
    url: Url,
    description: Type.Optional(Description),
    section: Type.Optional(Id),
    school: Type.Optional(Id),
    after: Type.Optional(After),
  },
  {
    title: 'NewWebhook',
    description:
      'Where changes are to be sent. Without `after` from now on; without `section` and `school` all that the client may read.',
    examples: [{ url: example.url, description: 'the SIS' }],
  },
);

export const WebhookChangeBody = closed(
  {
    url: Type.Optional(Url),
    description: Type.Optional(Description),
    enabled: Type.Optional(
      Type.Boolean({
        description:
          'false: nothing is sent any more. true: it goes on from where it stopped; if it is failing, it is tried at once.',
        examples: [true],
      }),
    ),
  },
  {
    title: 'WebhookChange',
    description: 'What is to be otherwise; what is not said stays.',
    examples: [{ enabled: true }],
  },
);

export const WebhookRotateBody = closed(
  {
    grace: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2_592_000,
        description:
          'For how many seconds more messages are signed by the secret before, too. A day where it is left out.',
        examples: [86_400],
      }),
    ),
  },
  {
    title: 'WebhookRotation',
    description: 'Asks for another secret.',
    default: {}, // a body that is left out
    examples: [{ grace: 86_400 }],
  },
);

export const WebhookReplayBody = closed(
  { after: After },
  {
    title: 'WebhookReplay',
    description: 'From where all is to be sent again.',
    examples: [{ after: 'start' }],
  },
);

const Disabled = closed(
  {
    id: Id,
    client: Type.String({ description: 'The client that has made it.', examples: ['SIS'] }),
    host: Type.String({ description: 'Where it sent to.', examples: ['sis.example.org'] }),
    description: Description,
    disabled_at: Instant,
    disabled_reason: oneOf(['gone', 'failing', 'restored'], { examples: ['failing'] }),
    last_error: Type.String({ examples: ['It answered 500.'] }),
  },
  {
    title: 'DisabledWebhook',
    description: 'A webhook that was disabled, and why.',
    examples: [
      {
        id: 3,
        client: 'SIS',
        host: 'sis.example.org',
        description: 'the SIS',
        disabled_at: '2025-10-06T14:03:00.000Z',
        disabled_reason: 'failing',
        last_error: 'It answered 500.',
      },
    ],
  },
);

export const DisabledWebhooksReply = closed(
  { webhooks: Type.Array(Disabled) },
  {
    title: 'DisabledWebhooks',
    description:
      'The webhooks of the district, of all its clients, that are told nothing any more though nobody asked for it.',
    examples: [{ webhooks: Disabled.examples }],
  },
);
export type DisabledWebhooks = TypeOf<typeof DisabledWebhooksReply>;
