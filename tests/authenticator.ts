import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

/** What an authenticator says otherwise than one that works. */
export interface Lies {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly flags?: number;
  readonly userHandle?: string;
}

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();

/** Web Authentication, 6.1: somebody is present (bit 0), and has unlocked it (bit 2). */
export const PRESENT = 0x01;
const VERIFIED = 0x05;
const WITH_CREDENTIAL = 0x40;

// biome-ignore lint/suspicious/noExplicitAny: options as they come
type Options = any;

/** A device that makes passkeys, in software: ES256, without attestation. */
export function authenticator(origin = 'https://attendance.example.org') {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(16);
  let handle = '';
  let counter = 0;

  const clientData = (type: string, challenge: string, lies: Lies) =>
    Buffer.from(JSON.stringify({ type, challenge: lies.challenge ?? challenge, origin: lies.origin ?? origin }));
  const head = (rpId: string, flags: number) => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(++counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count]);
  };
  const common = { id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key' };

  return {
    id: common.id,

    /** Web Authentication, 6.5.1 and 8.7: a credential with its public key (RFC 9053, 7.1.1), and attestation `none`. */
    make(options: Options, lies: Lies = {}) {
      handle = options.user.id;
      const { x, y } = publicKey.export({ format: 'jwk' });
      const coordinate = (label: number, value: string) =>
        Buffer.concat([Buffer.from([label, 0x58, 32]), Buffer.from(value, 'base64url')]);
      const key = Buffer.concat([
        Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01]), // {1: EC2, 3: ES256, -1: P-256,
        coordinate(0x21, x!),
        coordinate(0x22, y!),
      ]);
      const flags = (lies.flags ?? VERIFIED) | WITH_CREDENTIAL;
      const length = Buffer.from([0, id.length]);
      const data = Buffer.concat([head(lies.rpId ?? options.rp.id, flags), Buffer.alloc(16), length, id, key]);
      const text = (value: string) => Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
      const attestation = Buffer.concat([
        ...[Buffer.from([0xa3]), text('fmt'), text('none'), text('attStmt'), Buffer.from([0xa0]), text('authData')],
        ...[Buffer.from([0x58, data.length]), data],
      ]);
      const response = {
        clientDataJSON: clientData('webauthn.create', options.challenge, lies).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
      };
      return { ...common, response, clientExtensionResults: {} };
    },

    /** Web Authentication, 6.3.3. */
    answer(options: Options, lies: Lies = {}) {
      const data = head(lies.rpId ?? options.rpId, lies.flags ?? VERIFIED);
      const client = clientData('webauthn.get', options.challenge, lies);
      const signed = Buffer.concat([data, sha256(client)]);
      const response = {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: createSign('sha256').update(signed).sign(privateKey).toString('base64url'),
        userHandle: lies.userHandle ?? handle,
      };
      return { ...common, response, clientExtensionResults: {} };
    },
  };
}
