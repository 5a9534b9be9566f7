/*
 * `src/mail/`: What is sent to people by email: in turns, beside the requests, and again where the mail server could not take it.
 */
import type { Transporter } from 'nodemailer';

/** How mail is sent. */
export interface MailSettings {
  /** Of the mail server (SMTP). */
  readonly url: string;
  readonly from: string;
}

/** A mail in plain text. */
export interface Mail {
  /** On whose behalf it is sent. */
  readonly district: number;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** When it is worth nothing any more, in milliseconds of the clock: it is not sent after that. */
  readonly until: number;
}

export interface Mailer {
  /** Has it sent, in its turn. False where too much waits already: then it is not sent. */
  send(mail: Mail): boolean;
  /** Takes no more, and waits a moment for what is on its way. */
  close(): Promise<void>;
}

/** How many mails wait: of one district, and of all. */
const OF_A_DISTRICT = 2_000;
const ALTOGETHER = 10_000;
/** How many are on their way at the same time. */
const AT_ONCE = 3;
/** Milliseconds after which it is tried again: the last one over and over. */
const DELAYS = [2_000, 10_000, 60_000, 300_000];
/** How often one is tried that the mail server does not take just now. */
const TRIES = 5;
/** Milliseconds that the mail server may take for an answer, and that those on their way have at the end. */
const PATIENCE = 20_000;
const LAST = 5_000;

/** One address: what else would be read as a list of them, or as more than that, is none. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()\\,;:"]+$/;

interface Waiting extends Mail {
  readonly tries: number;
}

interface MailerOptions {
  /** Told what could not be sent, and why; of nobody in particular. */
  readonly onLost: (lost: { readonly district: number; readonly reason: string }) => void;
  /** In place of those above, for tests. */
  readonly delays?: readonly number[];
}

/** Loaded by who sends mail, which many services do not. */
const library = (): typeof import('nodemailer') => require('nodemailer');

/** Sends mail by a server: districts take turns, so that none waits for all of another's. */
export function openMailer({ url, from }: MailSettings, { onLost, delays = DELAYS }: MailerOptions): Mailer {
  let transport: Transporter | undefined;
  const waiting = new Map<number, Waiting[]>();
  let [count, sending, failures] = [0, 0, 0];
  let isClosed = false;
  let pause: ReturnType<typeof setTimeout> | undefined;

  const connected = (): Transporter => {
    const patience = { connectionTimeout: PATIENCE, greetingTimeout: PATIENCE, socketTimeout: PATIENCE };
    transport ??= library().createTransport({ url, pool: true, maxConnections: AT_ONCE, ...patience }, { from });
    return transport;
  };

  function put(mail: Waiting): boolean {
    const own = waiting.get(mail.district) ?? [];
    if (isClosed || count >= ALTOGETHER || own.length >= OF_A_DISTRICT) return false;
    waiting.set(mail.district, own);
    own.push(mail);
    count++;
    return true;
  }

  /** The next of the district whose turn it is; it goes to the end of the line. */
  function take(): Waiting | undefined {
    const [next] = waiting;
    if (!next) return undefined;
    const [district, own] = next;
    const mail = own.shift();
    waiting.delete(district);
    if (own.length > 0) waiting.set(district, own);
    count--;
    return mail;
  }

  function go(): void {
    while (!pause && sending < AT_ONCE) {
      const mail = take();
      if (!mail) return;
      if (!ADDRESS.test(mail.to)) onLost({ district: mail.district, reason: 'An address in the roster is none.' });
      else if (Date.now() >= mail.until) onLost({ district: mail.district, reason: 'It could not be sent in time.' });
      else {
        sending++;
        void attempt(mail).finally(() => {
          sending--;
          go();
        });
      }
    }
  }

  async function attempt(mail: Waiting): Promise<void> {
    try {
      const { to, subject, text } = mail;
      // RFC 3834, 5: nobody's absence is to be answered to it.
      await connected().sendMail({ to, subject, text, headers: { 'Auto-Submitted': 'auto-generated' } });
      failures = 0;
    } catch (error) {
      const { responseCode, code = '' }: { responseCode?: number; code?: string } = Object(error);
      const reason = `The mail server ${responseCode ? `answered ${responseCode}` : `cannot be used (${code})`}.`;
      // What is wrong with the connection, or with signing in there, is wrong for every mail: it is no fault of this one.
      const isOfMail = code === 'EENVELOPE' || code === 'EMESSAGE';
      const tries = mail.tries + (isOfMail ? 1 : 0);
      // RFC 5321, 4.2.1: 5yz is final. Without an answer it is the address that is none.
      const isFinal = isOfMail && (responseCode === undefined || responseCode >= 500);
      const isLost = isFinal || tries >= TRIES || !put({ ...mail, tries });
      if (isLost) onLost({ district: mail.district, reason });
      if (!isFinal) rest();
    }
  }

  /** Leaves the server alone for a while, longer each time. */
  function rest(): void {
    if (pause || isClosed) return;
    pause = setTimeout(
      () => {
        pause = undefined;
        go();
      },
      delays[Math.min(failures++, delays.length - 1)]!,
    );
    pause.unref();
  }

  return {
    send(mail) {
      const isTaken = put({ ...mail, tries: 0 });
      if (isTaken) queueMicrotask(go);
      return isTaken;
    },

    async close() {
      const end = Date.now() + LAST;
      while (!pause && count + sending > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
      isClosed = true;
      clearTimeout(pause);
      for (const [district, own] of waiting)
        onLost({ district, reason: `${own.length} were not sent before the end of the process.` });
      waiting.clear();
      transport?.close();
    },
  };
}
