import { Type } from '@sinclair/typebox';
import { closed, oneOf, type TypeOf } from '../types';

/** A number, or its digits, as XML has all numbers. */
const number = (pattern: string, mustBe: string, example: number | string) => ({
  type: ['integer', 'string'],
  pattern,
  mustBe,
  examples: [example],
});

const TargetUrl = Type.String({
  minLength: 1,
  maxLength: 2_000,
  description: 'Where events go: an https address.',
  examples: ['https://sis.example.org/events'],
});
const Description = Type.String({ maxLength: 200, description: 'What it is for.', examples: ['the SIS'] });

const target = {
  id: Type.Integer({ examples: [373221] }),
  target: TargetUrl,
  description: Description,
};
const example = { id: 373221, target: 'https://sis.example.org/events', description: 'the SIS' };

export const TriggerTargetReply = closed(target, {
  title: 'TriggerTarget',
  description: 'Where events go.',
  examples: [example],
});
export type TriggerTarget = TypeOf<typeof TriggerTargetReply>;

export const TriggerTargetsReply = closed(
  { target: Type.Array(TriggerTargetReply) },
  { title: 'TriggerTargets', description: 'The targets of the client.', examples: [{ target: [example] }] },
);

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';

export const NewTriggerTargetReply = closed(
  {
    ...target,
    secret: Type.String({
      description: 'Ours: by which events are signed (Standard Webhooks 1.0). It is shown this once.',
      examples: [secret],
    }),
  },
  {
    title: 'NewTriggerTarget',
    description: 'A target that was made.',
    examples: [{ ...example, secret }],
  },
);

export const TriggerTargetBody = closed(
  { target: TargetUrl, description: Type.Optional(Description) },
  {
    title: 'TriggerTargetRequest',
    description: 'Where events are to go.',
    examples: [{ target: example.target, description: 'the SIS' }],
  },
);

const subscription = {
  target_id: Type.Integer({ examples: [373221] }),
  trigger: Type.String({ examples: ['attendance'] }),
  version: Type.Literal('v1', { examples: ['v1'] }),
  subscribed: oneOf([0, 1], { examples: [1] }),
  target_url: Type.String({ examples: [example.target] }),
  include_object: oneOf([0, 1], { description: 'Whether events say what has changed.', examples: [1] }),
};
const subscribed = {
  target_id: 373221,
  trigger: 'attendance',
  version: 'v1',
  subscribed: 1,
  target_url: example.target,
  include_object: 1,
} as const;

const TriggerSubscription = closed(subscription, {
  title: 'TriggerSubscription',
  description: 'Whether a target is told of a trigger.',
  examples: [subscribed],
});
export type TriggerSubscription = TypeOf<typeof TriggerSubscription>;

export const TriggerSubscriptionsReply = closed(
  { subscription: Type.Array(TriggerSubscription) },
  {
    title: 'TriggerSubscriptions',
    description: 'What the targets of the client are subscribed to.',
    examples: [{ subscription: [subscribed] }],
  },
);

const flag = (description: string) =>
  Type.Unsafe<0 | 1 | '0' | '1'>({ enum: [0, 1, '0', '1'], mustBe: '0 or 1', description, examples: [1] });

const SentSubscription = closed(
  {
    target_id: Type.Unsafe<number | string>({
      ...number('^[0-9]{1,15}$', 'the id of a target', 373221),
      description: 'A number or its digits.',
    }),
    trigger: Type.String({ maxLength: 100, description: '`attendance`.', examples: ['attendance'] }),
    version: Type.Optional(oneOf(['v1'], { mustBe: 'v1', examples: ['v1'] })),
    subscribed: flag('1 to be told, 0 to be told no more.'),
    include_object: Type.Optional(flag('1: events say what has changed. 0, as without it: that something has.')),
  },
  {
    title: 'SentTriggerSubscription',
    description: 'What a target is to be told of.',
    examples: [{ target_id: 373221, trigger: 'attendance', subscribed: 1, include_object: 1 }],
  },
);
export type SentSubscription = TypeOf<typeof SentSubscription>;

export const TriggerSubscriptionsBody = closed(
  {
    subscription: Type.Array(SentSubscription, {
      minItems: 1,
      maxItems: 50,
      description: 'Up to 50; they are answered one by one.',
    }),
  },
  {
    title: 'TriggerSubscriptionsRequest',
    description: 'What targets are to be told of.',
    examples: [{ subscription: SentSubscription.examples }],
  },
);

const echo = {
  target_id: Type.Integer({ examples: [373221] }),
  trigger: Type.String({ examples: ['grade'] }),
  version: Type.Literal('v1', { examples: ['v1'] }),
  subscribed: oneOf([0, 1], { examples: [1] }),
  include_object: oneOf([0, 1], { examples: [0] }),
};
const unknown = { target_id: 373221, trigger: 'grade', version: 'v1', subscribed: 1, include_object: 0 } as const;

const TriggerResult = Type.Union(
  [
    closed(
      { item: TriggerSubscription, status: Type.Literal(200, { examples: [200] }) },
      {
        title: 'TriggerSubscribed',
        description: 'It is so from now on.',
        examples: [{ item: subscribed, status: 200 }],
      },
    ),
    closed(
      {
        item: closed(echo, { examples: [unknown] }),
        message: Type.String({ examples: ['The trigger with name grade does not exist'] }),
        status: oneOf([400, 404], {
          description: '400 there is no such trigger, 404 the client has no such target.',
          examples: [400],
        }),
      },
      {
        title: 'TriggerNotSubscribed',
        description: 'It has changed nothing.',
        examples: [{ item: unknown, message: 'The trigger with name grade does not exist', status: 400 }],
      },
    ),
  ],
  { description: 'What became of an item.' },
);
export type TriggerResult = TypeOf<typeof TriggerResult>;

export const TriggerSubscriptionsPutReply = closed(
  { subscription: Type.Array(TriggerResult) },
  {
    title: 'TriggerSubscriptionsResponse',
    description: 'What became of each item, in the order of the request.',
    examples: [{ subscription: [{ item: subscribed, status: 200 }] }],
  },
);
