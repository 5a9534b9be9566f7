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
