import { Gauge, type Registry } from 'prom-client';
import type { Database } from '../../database/database';
import { openFeedLag } from '../../feed/lag';
import { openRollsOfToday } from '../../reports/rolls-of-today';
import { openWebhookStanding } from '../../webhooks/standing';

/** Figures that are read from the database: how it stands in all processes alike. */
interface Standing {
  /** The names of the gauges, and what each of them says. */
  readonly gauges: Readonly<Record<string, string>>;
  /** Reads them all; one that is missing in it is not shown. */
  read(): Promise<Readonly<Record<string, number>>>;
}

/** One entry for what is read together. Whatever else is kept in the database and lags or waits belongs here. */
const standings = (database: Database): Standing[] => [rollsOfToday(database), feed(database), webhooks(database)];

function rollsOfToday(database: Database): Standing {
  const rolls = openRollsOfToday(database);
  return {
    gauges: {
      rollbook_rolls_due: 'Rolls of today in all districts, each on its own day',
      rollbook_rolls_taken: 'Those of them that are taken',
    },
    async read() {
      const { due, taken } = await rolls();
      return { rollbook_rolls_due: due, rollbook_rolls_taken: taken };
    },
  };
}

function feed(database: Database): Standing {
  const lag = openFeedLag(database);
  return {
    gauges: {
      rollbook_feed_lag_seconds: 'How long the first change has waited that is written and cannot be read yet',
    },
    read: async () => ({ rollbook_feed_lag_seconds: await lag() }),
  };
}

function webhooks(database: Database): Standing {
  const standing = openWebhookStanding(database);
  return {
    gauges: {
      rollbook_webhook_lag_seconds:
        'How long the first change has waited that is yet to be told to a webhook that works',
      rollbook_webhooks_failing: 'Webhooks whose last message did not arrive, and that are tried again',
      rollbook_webhooks_disabled: 'Webhooks that rollbook has disabled, and that nobody has enabled again',
    },
    async read() {
      const { lag, failing, disabled } = await standing();
      return {
        rollbook_webhook_lag_seconds: lag,
        rollbook_webhooks_failing: failing,
        rollbook_webhooks_disabled: disabled,
      };
    },
  };
}

/** How old what was read may be, and how long somebody who asks waits for what is new, in milliseconds. */
const FRESH = 60_000;
const PATIENCE = 2_000;

/**
 * Has a registry show them. They are read when somebody asks, at most once a minute and one after the other, and by nobody
 * who waits for a roll. Where that takes long, what was read before is shown; where it fails, nothing is.
 */
export function showStanding(registry: Registry, database: Database, onFault: (error: unknown) => void): void {
  for (const { gauges, read } of standings(database)) {
    const latest = remembered(read, onFault);
    for (const [name, help] of Object.entries(gauges))
      new Gauge({
        name,
        help,
        registers: [registry],
        async collect() {
          const value = (await latest())[name];
          this.reset();
          if (value === undefined) this.remove();
          else this.set(value);
        },
      });
  }
}

function remembered(read: Standing['read'], onFault: (error: unknown) => void) {
  let known: Awaited<ReturnType<Standing['read']>> = {};
  let since = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  const refresh = async () => {
    since = performance.now();
    known = await read().catch((error) => {
      onFault(error);
      return {};
    });
  };
  return async () => {
    if (performance.now() - since > FRESH)
      reading ??= refresh().finally(() => {
        reading = undefined;
      });
    if (reading) await Promise.race([reading, patience()]);
    return known;
  };
}

const patience = () => new Promise((resolve) => setTimeout(resolve, PATIENCE).unref());
