import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { freePort } from '../engines/port';

/** What a mail server was handed. */
export interface Received {
  readonly to: readonly string[];
  readonly raw: string;
  /** Its text, without the encoding in which its lines were sent. */
  readonly text: string;
}

/** A mail server on a port of its own, which nobody else gets while it is closed. */
export interface TestMailServer {
  readonly url: string;
  readonly received: Received[];
  /** Resolves when so many mails are there. */
  arrived(count: number): Promise<void>;
  /** What it answers to the next recipients, in place of taking them. */
  readonly refusals: { readonly code: number; readonly message: string }[];
  close(): Promise<void>;
}

export async function openMailServer(given: { readonly port?: number } = {}): Promise<TestMailServer> {
  const port = given.port ?? (await freePort());
  const received: Received[] = [];
  const refusals: TestMailServer['refusals'] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    onRcptTo(_address, _session, done) {
      const refusal = refusals.shift();
      done(refusal ? Object.assign(new Error(refusal.message), { responseCode: refusal.code }) : undefined);
    },
    onData(stream, { envelope }, done) {
      void text(stream).then((raw) => {
        received.push({ raw, to: envelope.rcptTo.map(({ address }) => address), text: decoded(raw) });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    refusals,
    async arrived(count) {
      while (received.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** RFC 2045, 6.7: quoted-printable; a line that ends in `=` goes on. */
function decoded(raw: string): string {
  const body = raw.slice(raw.indexOf('\r\n\r\n') + 4);
  if (!/quoted-printable/i.test(raw)) return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
