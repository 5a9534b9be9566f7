import { execFile } from 'node:child_process';
import type { Logger } from 'pino';
import { type Config, environmentWith } from './config';

/** What started the service and wants to know how it does. */
export interface ServiceManager {
  /** It serves: what waits for it may start. */
  ready(address?: string): void;
  /** It finishes what is in flight, and ends. */
  stopping(): void;
}

/** How many times systemd is told within the time after which it takes the process for dead; sd_watchdog_enabled(3) has two. */
const BEATS = 3;

/**
 * Tells systemd what a unit of `Type=notify` has to say (sd_notify(3)); nobody where no NOTIFY_SOCKET is set. The messages
 * are datagrams to a Unix socket, for which Node has no call. A command of systemd itself sends them, rather than an
 * addon that would have to be compiled: so a unit needs `NotifyAccess=all`. The command waits until its message was read,
 * so that systemd still finds the unit that it belongs to.
 */
export function serviceManager({ systemd }: Pick<Config, 'systemd'>, log: Logger): ServiceManager {
  const tell = (...messages: string[]) => {
    if (!systemd) return;
    const env = environmentWith({ NOTIFY_SOCKET: systemd.socket });
    execFile('systemd-notify', messages, { env }, (error) => {
      if (error) log.error({ messages, code: error.code }, 'systemd could not be told');
    });
  };
  return {
    ready(address) {
      tell('READY=1', ...(address ? [`STATUS=listening at ${address}`] : []));
      // From the loop that answers requests: where that stands still, systemd is told nothing, and starts the service anew.
      if (systemd?.watchdog) setInterval(tell, systemd.watchdog / BEATS, 'WATCHDOG=1').unref();
    },
    stopping: () => tell('STOPPING=1', 'STATUS=finishes what is in flight'),
  };
}
