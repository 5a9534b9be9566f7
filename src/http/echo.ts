import { randomBytes } from 'node:crypto';
import { Router } from 'express';
import type { SecretKeys } from '../clients/secret-keys';
import { type Secrets, secretsWith } from '../clients/secrets';
import { type Signer, signerWith } from '../clients/signer';
import type { Epoch } from '../database/epoch';
import { version } from '../lib/version';
import { isThroughProxy } from './transport';

/*
 * How `rollbook doctor` learns whether an address leads to this service, and what a proxy in front makes of a request.
 * The question is signed with the key of the service, and is good for a minute. Nobody else is answered, and the answer is
 * sealed with that key: what has not the key can neither ask nor answer, nor read what passes by.
 */

/** Where the service is asked, whatever follows it in the path, and the header by which. */
const ECHO_PATH = '/doctor';
/** A path and a query as clients sign them: neither may be decoded, put in another form or dropped on the way. */
export const ECHO_TARGET = `${ECHO_PATH}/a%3Ab?q=a%20b%2Fc&q=%C3%A9`;
export const ECHO_HEADER = 'rollbook-doctor';

/** How old a question may be, in milliseconds. */
const GOOD_FOR = 60_000;

/** What the service saw of the question. */
export interface Seen {
  /** That of the question. */
  readonly nonce: string;
  readonly version: string;
  /** Of its database. */
  readonly epoch: string;
  /** Its Host header, and the path and query of its request line, as the service got them. */
  readonly host: string | null;
  readonly target: string;
  /** By which the client came, as the service takes it. */
  readonly scheme: string;
  /** The address of the client, as the service takes it, and that of who handed the request on. */
  readonly client: string | null;
  readonly peer: string | null;
  /** Whether it believes what its peer says of the client. */
  readonly trusted: boolean;
  /** What its peer says, whether or not that is believed. */
  readonly forwarded: { readonly for: string | null; readonly proto: string | null };
  readonly settings: EchoedSettings;
}

/** What the service was started with, for it to be compared with what the operator has set since. */
export interface EchoedSettings {
  readonly publicUrl: string | null;
  readonly trustProxy: number | readonly string[] | false;
}

/** Answers a question of `questionBy`; as if there were nothing, where it is asked otherwise. */
export function echo(
  { signer, secrets }: { readonly signer: Signer; readonly secrets: Pick<Secrets, 'seal'> },
  epoch: Epoch,
  settings: EchoedSettings,
): Router {
  const router = Router();
  router.get(`${ECHO_PATH}{/*rest}`, async (request, response, next) => {
    const asked = signer.verify('doctor asks', request.get(ECHO_HEADER) ?? '');
    const { nonce, at } = asked ? (JSON.parse(String(asked)) as Question) : { nonce: '', at: Number.NaN };
    if (!(Math.abs(Date.now() - at) <= GOOD_FOR)) return next();
    const seen: Seen = {
      nonce,
      version: version(),
      epoch: await epoch(),
      host: request.get('host') ?? null,
      target: request.originalUrl,
      scheme: request.protocol,
      client: request.ip ?? null,
      peer: request.socket.remoteAddress ?? null,
      trusted: isThroughProxy(request),
      forwarded: {
        for: request.get('x-forwarded-for') ?? null,
        proto: request.get('x-forwarded-proto') ?? null,
      },
      settings,
    };
    response.type('text').send(secrets.seal(JSON.stringify(seen)));
  });
  return router;
}

interface Question {
  readonly nonce: string;
  readonly at: number;
}

/** A question of who has the keys: the header to send, and how to read the answer. */
export function questionBy(keys: SecretKeys, now = Date.now()) {
  const question: Question = { nonce: randomBytes(16).toString('base64url'), at: now };
  return {
    header: signerWith(keys).sign('doctor asks', Buffer.from(JSON.stringify(question))),
    /** What the service saw; undefined where it is no answer to this question, or not of a service with this key. */
    answered(text: string): Seen | undefined {
      try {
        const seen = JSON.parse(secretsWith(keys).open(text)) as Seen;
        return seen.nonce === question.nonce ? seen : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
