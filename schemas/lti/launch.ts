import { Type } from '@sinclair/typebox';
import { anyObject, closed, nullable, type TypeOf } from '../types';

/** Platforms send more than the standard has, like `canvas_region`; of that nothing is needed. */
const more = { type: 'object', additionalProperties: { type: 'string', maxLength: 4_000 } } as const;

const text = (maxLength: number, description: string) => ({ type: 'string', maxLength, description }) as const;

/** LTI 1.3 Security Framework, 5.1.1.1; LTI 1.3 Core, 4.1. */
export interface LoginParameters {
  readonly iss?: string;
  readonly login_hint?: string;
  readonly target_link_uri?: string;
  readonly client_id?: string;
  readonly lti_deployment_id?: string;
  readonly lti_message_hint?: string;
  readonly lti_storage_target?: string;
}

const login = {
  ...more,
  properties: {
    iss: text(255, 'The issuer of the platform.'),
    login_hint: text(4_000, 'What the platform wants to be told again.'),
    target_link_uri: text(2_000, 'Which address of rollbook is launched.'),
    client_id: text(255, 'What the platform calls rollbook.'),
    lti_deployment_id: text(255, 'In which deployment.'),
    lti_message_hint: text(4_000, 'What the platform wants to be told again, too.'),
    lti_storage_target: text(255, 'The frame of the platform that keeps what a cookie cannot.'),
  },
  examples: [
    {
      iss: 'https://schoology.schoology.com',
      client_id: '1234567890',
      login_hint: '42',
      target_link_uri: 'https://attendance.example.org/lti/launch',
    },
  ],
};

export const LoginQuery = Type.Unsafe<LoginParameters>({
  ...login,
  title: 'LtiLoginQuery',
  description: 'A login initiation of LTI 1.3, of a platform.',
});

export const LoginBody = Type.Unsafe<LoginParameters>({
  ...login,
  title: 'LtiLogin',
  description: 'A login initiation of LTI 1.3, of a platform.',
});

export const AgainQuery = closed(
  { state: Type.Optional(Type.String({ maxLength: 8_000, description: 'That of the launch before.' })) },
  {
    title: 'LtiAgain',
    description: 'A launch that is begun again, in a window of its own.',
    examples: [{ state: 'x' }],
  },
);

/** LTI Dynamic Registration 1.0, 3.3; platforms may send more. */
export interface RegistrationParameters {
  readonly openid_configuration?: string;
  readonly registration_token?: string;
}

export const RegistrationQuery = Type.Unsafe<RegistrationParameters>({
  ...more,
  properties: {
    openid_configuration: text(2_000, 'Where the platform says what its addresses are.'),
    registration_token: text(4_000, 'By which the platform knows its administrator.'),
  },
  title: 'LtiRegistrationQuery',
  description: 'What a platform adds to the link that its administrator opens.',
  examples: [{ openid_configuration: 'https://lms.example.org/openid-configuration', registration_token: 'x' }],
});

/** OpenID Connect Core 1.0, 3.2.2.5 and 3.2.2.6, by `form_post`. */
export interface LaunchParameters {
  readonly id_token?: string;
  readonly state?: string;
  readonly error?: string;
  readonly error_description?: string;
}

export const LaunchBody = Type.Unsafe<LaunchParameters>({
  ...more,
  properties: {
    id_token: text(64_000, 'Signed by the platform: who is there, and in which course.'),
    state: text(8_000, 'That of the login initiation.'),
    error: text(255, 'Why the platform lets nobody in.'),
    error_description: text(2_000, 'The same for people.'),
  },
  title: 'LtiLaunch',
  description: 'What a platform sends with the browser.',
  examples: [{ id_token: 'of the platform', state: 'of rollbook' }],
});

export const Handle = Type.String({
  minLength: 1,
  maxLength: 16_000,
  description: 'What the address of the page has.',
});

export const StorageBody = closed(
  { handle: Handle },
  { title: 'LtiStorageAsked', description: 'A launch whose browser may keep no cookie.', examples: [{ handle: 'x' }] },
);

export const StorageReply = closed(
  {
    target: Type.String({ description: 'The frame of the platform that keeps something for rollbook.' }),
    origin: Type.String({ description: 'Of that frame.' }),
    key: Type.String(),
    value: nullable(Type.String(), { description: 'What is to be kept; null where it is to be read.' }),
    authorization_url: nullable(Type.String(), { description: 'Where the page goes on once it is kept.' }),
  },
  {
    title: 'LtiStorage',
    description: 'What the platform keeps for rollbook: client-side postMessages of LTI.',
    examples: [
      {
        target: '_parent',
        origin: 'https://lms.example.org',
        key: 'rollbook_1',
        value: 'x',
        authorization_url: 'https://lms.example.org/authorize?state=x',
      },
    ],
  },
);
export type LtiStorage = TypeOf<typeof StorageReply>;

export const FinishBody = closed(
  { handle: Handle, value: Type.String({ maxLength: 200, description: 'What the platform has kept.' }) },
  {
    title: 'LtiFinish',
    description:
      'Signs in by a launch that the platform proves by what it has kept; the browser keeps a cookie of the session.',
    examples: [{ handle: 'x', value: 'x' }],
  },
);

export const WhereReply = closed(
  { url: Type.String({ description: 'Where the page goes on.' }) },
  {
    title: 'LtiWhere',
    description: 'Where a launch leads.',
    examples: [{ url: '/?platform=1#/sections/4/2025-10-06' }],
  },
);
export type LtiWhere = TypeOf<typeof WhereReply>;

export const KeysReply = closed(
  { keys: Type.Array(anyObject({ description: 'A public key (RFC 7517).' })) },
  {
    title: 'LtiKeys',
    description: 'The public keys of rollbook (RFC 7517, 5), by which platforms know it.',
    examples: [{ keys: [{ kty: 'RSA', kid: 'x', alg: 'RS256', use: 'sig', n: 'x', e: 'AQAB' }] }],
  },
);

export const SectionBody = closed(
  {
    handle: Handle,
    section: Type.Integer({ description: 'The id of a section that the teacher teaches.', examples: [4] }),
  },
  {
    title: 'LtiSection',
    description: 'Which section a course of the platform is, for the teacher who says so.',
    examples: [{ handle: 'x', section: 4 }],
  },
);

/** Why a launch signs nobody in. The page has a sentence for each, which says who mends what. */
export type LtiReason =
  | 'insecure'
  | 'registration'
  | 'linking'
  | 'request'
  | 'unregistered'
  | 'target'
  | 'expired'
  | 'denied'
  | 'token'
  | 'keys'
  | 'deployment'
  | 'message'
  | 'replayed'
  | 'cookies'
  | 'browser'
  | 'role'
  | 'person'
  | 'email'
  | 'ambiguous'
  | 'staff'
  | 'revoked'
  | 'section'
  | 'learner';
