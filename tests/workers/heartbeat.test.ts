import cluster, { type Worker } from 'node:cluster';
import pino from 'pino';
import { watchWorkers } from '../../src/service/workers/heartbeat';

/** The process that supervises, as far as it sees two workers that never answer. */
const killed = new Set<number>();
const silent = (id: number) =>
  ({ id, isConnected: () => true, send: () => true, process: { kill: () => killed.add(id) } }) as unknown as Worker;
const real = cluster.workers;
beforeEach(() => {
  jest.useFakeTimers();
  Object.assign(cluster, { workers: { 1: silent(1), 2: silent(2) } });
});
afterEach(() => {
  jest.useRealTimers();
  Object.assign(cluster, { workers: real });
  cluster.removeAllListeners();
});

test('one that has begun to listen is killed after ten seconds, one that still starts has a minute more', () => {
  watchWorkers(pino({ enabled: false }));
  cluster.emit('listening', cluster.workers![2]!, {});
  jest.advanceTimersByTime(10_000);
  expect([...killed]).toEqual([]);
  jest.advanceTimersByTime(1_000);
  expect([...killed]).toEqual([2]);
  jest.advanceTimersByTime(59_000);
  expect([...killed]).toEqual([2]);
  jest.advanceTimersByTime(1_000);
  expect([...killed]).toEqual([2, 1]);
});
