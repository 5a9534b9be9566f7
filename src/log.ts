import pino, { type Logger } from 'pino';

/** The log of this process: JSON lines on stdout, a few at a time; `worker` says which of several it is. */
export function openLog(level: string, worker?: number): Logger {
  const base = worker === undefined ? {} : { worker };
  const log = pino({ level }, pino.destination({ sync: false, minLength: 4_096 })).child(base);
  setInterval(() => log.flush(), 500).unref();
  return log;
}
