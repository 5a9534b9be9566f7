import cluster from 'node:cluster';
import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client';

/** What a process counts, as it travels. */
type Counts = MetricObjectWithValues<MetricValue<string>>[];

/** How long the answers of workers are waited for, in milliseconds. Of one that is late, what it said before is taken. */
const PATIENCE = 1_000;

/** In a worker: tells the process that supervises what is counted here, when it asks. */
export function reportMetrics(registry: Registry): void {
  process.on('message', async ({ scrape }: { scrape?: number }) => {
    if (scrape === undefined) return;
    const counts = await registry.getMetricsAsJSON();
    process.send?.({ scrape, counts }, undefined, undefined, () => undefined);
  });
}

/**
 * In the process that supervises: what all workers count together, with the registry of this one. What those counted that
 * have ended stays in the sums, as far as they had been asked: a counter that went back would look like a new start.
 */
export function gatherMetrics() {
  const registry = new Registry();
  const latest = new Map<number, Counts>();
  let ended = Promise.resolve<Counts>([]);
  let round = 0;
  let answered: (worker: number) => void = () => undefined;
  cluster.on('message', (worker, { scrape, counts }: { scrape?: number; counts?: Counts }) => {
    if (!counts || worker.isDead()) return;
    latest.set(worker.id, counts);
    if (scrape === round) answered(worker.id);
  });
  cluster.on('exit', ({ id }) => {
    const sums = latest.get(id)?.filter(isSum) ?? [];
    latest.delete(id);
    ended = ended.then((before) => AggregatorRegistry.aggregate([before, sums]).getMetricsAsJSON());
  });

  const ask = () =>
    new Promise<void>((resolve) => {
      const late = setTimeout(resolve, PATIENCE);
      const missing = new Set<number>();
      const scrape = ++round;
      answered = (worker) => {
        missing.delete(worker);
        if (missing.size > 0) return;
        clearTimeout(late);
        resolve();
      };
      for (const worker of Object.values(cluster.workers ?? {})) {
        if (!worker?.isConnected()) continue;
        missing.add(worker.id);
        worker.send({ scrape });
      }
    });

  return {
    registry,
    async read(): Promise<string> {
      await ask();
      const all = [await registry.getMetricsAsJSON(), await ended, ...latest.values()];
      return AggregatorRegistry.aggregate(all).metrics();
    },
  };
}

/** Whether it only grows, in each process by itself. The types of prom-client have numbers for these words. */
const isSum = ({ type }: Counts[number]): boolean => ['counter', 'histogram'].includes(String(type));
