import { Type } from '@sinclair/typebox';
import { anyObject, closed, nullable, oneOf, type TypeOf } from '../types';
import { Id, Instant } from './parts';
import { ownDevice } from './session';

/** Passkeys: as browsers speak of them (Web Authentication Level 3, 5.1), and as rollbook lists them. */

const Base64Url = (maxLength: number, example: string) =>
  Type.String({ maxLength, pattern: '^[\\w-]+$', mustBe: 'base64url', examples: [example] });

const credential = {
  id: Base64Url(1_400, 'AQIDBA'),
  rawId: Base64Url(1_400, 'AQIDBA'),
  type: oneOf(['public-key'], { examples: ['public-key'] }),
  clientExtensionResults: anyObject({ examples: [{}] }),
};

const clientDataJSON = Base64Url(4_000, 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0');

/** A browser may send more, of which nothing is needed. */
const Assertion = Type.Object(
  {
    ...credential,
    response: Type.Object({
      clientDataJSON,
      authenticatorData: Base64Url(4_000, 'AQIDBA'),
      signature: Base64Url(4_000, 'AQIDBA'),
      userHandle: Type.Optional(Base64Url(100, 'AAAAAAAAAAEAAAAAAAAAfg')),
    }),
  },
  { description: '`AuthenticationResponseJSON`, as the browser gives it.' },
);

const Attestation = Type.Object(
  {
    ...credential,
    response: Type.Object({ clientDataJSON, attestationObject: Base64Url(20_000, 'o2NmbXRkbm9uZQ') }),
  },
  { description: '`RegistrationResponseJSON`, as the browser gives it.' },
);

const keyExample = { id: 'AQIDBA', rawId: 'AQIDBA', type: 'public-key', clientExtensionResults: {} };

export const PasskeySignInBody = closed(
  { response: Assertion, ...ownDevice },
  {
    title: 'PasskeySignIn',
    description: 'Signs in by a passkey.',
    examples: [
      {
        response: {
          ...keyExample,
          response: {
            clientDataJSON: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0',
            authenticatorData: 'AQIDBA',
            signature: 'AQIDBA',
            userHandle: 'AAAAAAAAAAEAAAAAAAAAfg',
          },
        },
      },
    ],
  },
);

export const PasskeyBody = closed(
  {
    response: Attestation,
    name: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'What the passkey is to be called in lists.',
      examples: ['My phone'],
    }),
  },
  {
    title: 'NewPasskey',
    description: 'A passkey that the browser has made.',
    examples: [
      {
        response: {
          ...keyExample,
          response: { clientDataJSON: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0', attestationObject: 'o2NmbXRkbm9uZQ' },
        },
        name: 'My phone',
      },
    ],
  },
);

const options = (title: string, description: string, example: object) =>
  closed(
    { options: anyObject({ description: `\`${title}JSON\`, which the browser takes as it is.`, examples: [example] }) },
    { title, description, examples: [{ options: example }] },
  );

export const PasskeyRequestReply = options('PublicKeyCredentialRequestOptions', 'What a passkey is asked for.', {
  challenge: 'AQIDBA',
  rpId: 'attendance.example.org',
  userVerification: 'required',
});

export const PasskeyCreationReply = options('PublicKeyCredentialCreationOptions', 'What a passkey is made of.', {
  challenge: 'AQIDBA',
  rp: { id: 'attendance.example.org', name: 'rollbook' },
});

export const PasskeyReply = closed(
  {
    id: Id,
    name: Type.String({ examples: ['My phone'] }),
    created_at: Instant,
    used_at: nullable(Instant, { description: 'When somebody last signed in by it; null where nobody did.' }),
  },
  {
    title: 'Passkey',
    description: 'A passkey of who is signed in.',
    examples: [{ id: 1, name: 'My phone', created_at: '2025-10-06T14:03:00.000Z', used_at: null }],
  },
);

export const PasskeysReply = closed(
  { passkeys: Type.Array(PasskeyReply) },
  {
    title: 'Passkeys',
    description: 'The passkeys of who is signed in, the latest first.',
    examples: [{ passkeys: PasskeyReply.examples }],
  },
);
export type Passkeys = TypeOf<typeof PasskeysReply>;
