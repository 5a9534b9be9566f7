import pino, { type Logger } from 'pino';

/** Lines that cannot be written wait for room; beyond so many bytes they are dropped. */
const WAITING = 1024 * 1024;

/** The log of this process: JSON lines on stdout, a few at a time; `worker` says which of several it is. */
export function openLog(level: string, worker?: number): Logger {
  const base = worker === undefined ? {} : { worker };
  const destination = pino.destination({ sync: false, minLength: 4_096, maxLength: WAITING });
  // A full disk does not end the service: what waits is tried again, but not for ever at the exit.
  destination.on('error', () => {
    destination.flushSync = () => undefined;
  });
  const log = pino({ level }, destination).child(base);
  setInterval(() => log.flush(), 500).unref();
  return log;
}

/**
 * What of an unexpected error may be logged: what failed and where, not the values with which it did, in which names
 * and secrets may be. PostgreSQL has them in `detail`, and in the message where it is about data (class 22 of
 * SQLSTATE); JavaScript where a text is no JSON and a number out of range.
 */
export function faultOf(error: unknown): object {
  const { name, message, code, stack } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const { table, column, constraint } = (error ?? {}) as Readonly<Record<string, unknown>>;
  const isAboutData = /^(Syntax|Range)Error$/.test(String(name)) || /^22/.test(String(code));
  const at = stack?.split('\n').filter((line) => /^ {4}at /.test(line));
  return { name, message: isAboutData ? undefined : message, code, table, column, constraint, at };
}

/** Logs what nobody caught, as Node would print it with all its values, and ends the process as Node would. */
export function logUncaught(log: Logger): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ fault: faultOf(error) }, 'uncaught'); // written at once
    process.exit(1);
  });
}
