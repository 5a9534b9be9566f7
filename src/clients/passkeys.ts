import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { instant, integer, nullable, type RowOf, string } from '../database/rows';
import { Problem } from '../lib/problem';
import type { Member } from './client';
import type { Signer } from './signer';

/** Milliseconds for which a challenge is good. */
const PATIENCE = 300_000;
/** Passkeys of a person. */
const MOST = 20;
/** EdDSA, ES256 and RS256 (IANA COSE Algorithms): every Node that rollbook runs on verifies them. */
const ALGORITHMS = [-8, -7, -257];

/** Loaded by who uses passkeys. */
const library = (): typeof import('@simplewebauthn/server') => require('@simplewebauthn/server');

/** For whom passkeys are: the domain and the origin by which browsers reach the service. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

/** By the address that the operator has published; undefined where browsers make no passkeys for it. */
export function relyingPartyOf(publicUrl: string | undefined): RelyingParty | undefined {
  if (!publicUrl) return undefined;
  const { protocol, hostname, origin } = new URL(publicUrl);
  // Web Authentication, 5.1.3: in a secure context alone, and for a domain, which an address is not.
  const isSecure = protocol === 'https:' || hostname === 'localhost';
  const isDomain = isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
  return isSecure && isDomain ? { id: hostname, origin } : undefined;
}

const passkeyRow = { id: integer, name: string, created_at: instant, used_at: nullable(instant) };
/** A passkey, for a list of those of a person. */
export type Passkey = RowOf<typeof passkeyRow>;

/** A district and somebody in it. */
interface Person {
  readonly district: number;
  readonly person: number;
}

/**
 * Passkeys: made by people who are signed in, and who signs in by one. Nothing is kept of a challenge: it is signed and says when it
 * was made. A passkey answers none that was made before the last that it has answered, so that each is good once.
 */
export function openPasskeys(database: Database, signer: Signer, party: RelyingParty) {
  const sql = passkeysSql(database);

  const challenge = (purpose: string): Uint8Array<ArrayBuffer> => {
    const payload = Buffer.alloc(24);
    randomBytes(16).copy(payload);
    payload.writeBigUInt64BE(BigInt(Date.now()), 16);
    return new Uint8Array(Buffer.from(signer.sign(purpose, payload), 'base64url'));
  };

  /** When a challenge was made; undefined where it was not made here for this, or is too old. */
  const madeAt = (purpose: string, sent: string): number | undefined => {
    const payload = signer.verify(purpose, sent);
    const at = payload && Number(payload.readBigUInt64BE(16));
    return at !== undefined && Date.now() - at < PATIENCE ? at : undefined;
  };

  const expected = { expectedOrigin: party.origin, expectedRPID: party.id, requireUserVerification: true };

  return {
    /** What a browser asks its passkeys for, whoever they are of. */
    toSignIn: (): Promise<PublicKeyCredentialRequestOptionsJSON> =>
      library().generateAuthenticationOptions({
        ...{ rpID: party.id, challenge: challenge(SIGN_IN), userVerification: 'required', timeout: PATIENCE },
      }),

    /** Who has answered; undefined where the passkey is not known, or the answer is wrong, too old, or was given before. */
    async accept(response: AuthenticationResponseJSON): Promise<Person | undefined> {
      const whose = personIn(response.response.userHandle);
      if (!whose) return undefined;
      const { district } = whose;
      const asked = { district, credential: response.id };
      const [known] = await database.transaction((tx) => tx.all(sql.known, asked));
      if (!known) return undefined;
      let made: number | undefined;
      const credential = {
        id: response.id,
        publicKey: new Uint8Array(Buffer.from(known.public_key, 'base64url')),
        counter: known.counter,
      };
      const answer = await library()
        .verifyAuthenticationResponse({
          ...{ ...expected, response, credential },
          expectedChallenge: (sent) => {
            made = madeAt(SIGN_IN, sent);
            return made !== undefined;
          },
        })
        .catch(() => undefined); // whatever is wrong with it
      if (!answer?.verified || made === undefined) return undefined;
      const [used] = await database.transaction((tx) =>
        tx.all(sql.use, {
          ...asked,
          counter: answer.authenticationInfo.newCounter,
          made: new Date(made!).toISOString(),
          now: new Date().toISOString(),
        }),
      );
      return used && { district, person: used.person_id };
    },

    /** What a browser makes a passkey of, for somebody who is signed in. */
    async toMake(person: Person, name: string): Promise<PublicKeyCredentialCreationOptionsJSON> {
      const own = await database.all(sql.credentials, { ...person });
      return library().generateRegistrationOptions({
        ...{ rpName: 'rollbook', rpID: party.id, userName: name, userDisplayName: name, userID: handleOf(person) },
        ...{ challenge: challenge(makingOf(person)), timeout: PATIENCE, attestationType: 'none' },
        excludeCredentials: own.map(({ credential_id }) => ({ id: credential_id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        supportedAlgorithmIDs: ALGORITHMS,
      });
    },

    /** Keeps a passkey that a browser has made. Throws BODY_INVALID where it is wrong, too old, or there are too many. */
    async keep(person: Person, response: RegistrationResponseJSON, name: string): Promise<Passkey> {
      const made = await library()
        .verifyRegistrationResponse({
          ...{ ...expected, response, supportedAlgorithmIDs: ALGORITHMS },
          expectedChallenge: (sent) => madeAt(makingOf(person), sent) !== undefined,
        })
        .catch(() => undefined);
      if (!made?.verified) throw wrong('is not right, or came too late: make another');
      const { id, publicKey, counter } = made.registrationInfo.credential;
      return database.transaction(async (tx) => {
        await tx.all(sql.hold, { ...person }); // of two at once one waits here, and counts the other
        const [counted] = await tx.all(sql.count, { ...person });
        if (counted!.count >= MOST) throw wrong(`would be one more than the ${MOST} that a person has at most`);
        const key = Buffer.from(publicKey).toString('base64url');
        const values = { ...person, credential: id, key, counter, name, now: new Date().toISOString() };
        const [kept] = await tx.all(sql.add, values);
        if (!kept) throw wrong('is kept already');
        return kept;
      });
    },

    list: (person: Person): Promise<Passkey[]> => database.all(sql.list, { ...person }),

    /** It signs nobody in any more. Throws NOT_FOUND where it is not theirs. */
    async remove(person: Person, id: number): Promise<void> {
      const removed = await database.transaction((tx) => tx.all(sql.remove, { ...person, id }));
      if (removed.length === 0) throw new Problem('NOT_FOUND', `There is no passkey ${id} here.`);
    },
  };
}

const SIGN_IN = 'passkey sign-in';
/** A challenge to make a passkey is one person's. */
const makingOf = ({ district, person }: Person): string => `passkey of ${district} ${person}`;

/**
 * The user handle: the numbers of the district and of the person, which say who it is to nobody else (Web Authentication, 14.6.1).
 * With the district the passkey is found in its district alone.
 */
function handleOf({ district, person }: Person): Uint8Array<ArrayBuffer> {
  const handle = new Uint8Array(16);
  const view = new DataView(handle.buffer);
  view.setBigUint64(0, BigInt(district));
  view.setBigUint64(8, BigInt(person));
  return handle;
}

function personIn(handle: string | undefined): Person | undefined {
  const bytes = Buffer.from(handle ?? '', 'base64url');
  if (bytes.length !== 16) return undefined;
  const [district, person] = [Number(bytes.readBigUInt64BE(0)), Number(bytes.readBigUInt64BE(8))];
  return Number.isSafeInteger(district) && Number.isSafeInteger(person) ? { district, person } : undefined;
}

/** Of somebody who is signed in, rather than a program. Throws PERSON_FORBIDDEN. */
export function personOf({
  district,
  member,
}: {
  readonly district: number;
  readonly member?: Member | undefined;
}): Person {
  if (member) return { district, person: member.person };
  throw new Problem('PERSON_FORBIDDEN', 'Passkeys are people’s, who sign in by them: this is the client of a program.');
}

function wrong(message: string): Problem {
  return new Problem('BODY_INVALID', `The passkey ${message}.`, { violations: [{ field: 'response', message }] });
}

/** All SQL of passkeys. */
export function passkeysSql({ knex }: Pick<Database, 'knex'>) {
  const columns = 'passkeys.id, passkeys.name, passkeys.created_at, passkeys.used_at';
  const own = 'passkeys.district_id = :district and passkeys.person_id = :person';
  const one = 'passkeys.district_id = :district and passkeys.credential_id = :credential';
  return {
    known: text(knex, `select passkeys.public_key, passkeys.counter from passkeys where ${one}`, {
      public_key: string,
      counter: integer,
    }),
    use: text(
      knex,
      `update passkeys set counter = :counter, challenged_at = :made, used_at = :now
      where ${one} and (passkeys.challenged_at is null or passkeys.challenged_at < :made)
      returning person_id`,
      { person_id: integer },
    ),
    credentials: text(knex, `select passkeys.credential_id from passkeys where ${own}`, { credential_id: string }),
    hold: text(knex, 'update sign_ins set client_id = client_id where district_id = :district and person_id = :person'),
    count: text(knex, `select count(*) as count from passkeys where ${own}`, { count: integer }),
    add: text(
      knex,
      `insert into passkeys (district_id, person_id, credential_id, public_key, counter, name, created_at)
      values (:district, :person, :credential, :key, :counter, :name, :now)
      on conflict (district_id, credential_id) do nothing
      returning id, name, created_at, used_at`,
      passkeyRow,
    ),
    list: text(
      knex,
      `select ${columns} from passkeys where ${own} order by passkeys.created_at desc, passkeys.id`,
      passkeyRow,
    ),
    remove: text(knex, `delete from passkeys where ${own} and passkeys.id = :id returning id`, { id: integer }),
  };
}
