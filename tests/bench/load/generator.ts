import { connect } from 'node:net';
import { answerJobs } from '../processes/worker';
import type { Load, LoadResult } from './load';
import { AnswerReader } from './reader';

/** What one load has come to so far. */
class Tally {
  readonly latencies: number[] = [];
  readonly statuses: Record<string, number> = {};
  bytes = 0;
  firstByte = 0;
  private sent = 0;
  private readonly started = performance.now();
  private readonly cpu = process.cpuUsage();

  constructor(private readonly load: Load) {}

  /** The next request to send; undefined where it is enough. */
  next(): Uint8Array | undefined {
    const { requests, seconds, nonce } = this.load;
    const isOver =
      seconds === undefined ? this.sent >= requests.length : performance.now() - this.started >= seconds * 1_000;
    if (isOver) return undefined;
    const request = requests[this.sent++ % requests.length]!;
    return nonce === undefined ? request : stamped(request, nonce);
  }

  result(): LoadResult {
    const sorted = this.latencies.sort((one, other) => one - other);
    const { user, system } = process.cpuUsage(this.cpu);
    return {
      answers: sorted.length,
      seconds: (performance.now() - this.started) / 1_000,
      statuses: this.statuses,
      p50: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
      p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
      firstByte: this.firstByte,
      bytes: this.bytes,
      cpu: (user + system) / 1e6,
    };
  }
}

let last = Date.now();

const TIMESTAMP = 'oauth_timestamp="';

/** A copy: the one before may still be on its way. Of no second a client may use more nonces than are remembered. */
function stamped(request: Uint8Array, nonce: string): Uint8Array {
  const copy = Buffer.from(request);
  copy.write(String(++last).slice(-nonce.length), copy.indexOf(nonce), 'latin1');
  copy.write(String(Math.floor(Date.now() / 1_000)), copy.indexOf(TIMESTAMP) + TIMESTAMP.length, 'latin1');
  return copy;
}

/** What OVERLOADED says in Retry-After, in milliseconds. */
const RETRY_AFTER = 1_000;

/** Sends one request after the other on a connection of its own. */
function converse(load: Load, tally: Tally, first = tally.next()): Promise<void> {
  return new Promise((resolve, reject) => {
    const reader = new AnswerReader();
    let sent = first;
    let sentAt = 0;
    let isWaiting = false;
    const send = (request: Uint8Array | undefined) => {
      if (!request) {
        socket.end();
        return resolve();
      }
      sent = request;
      isWaiting = true;
      sentAt = performance.now();
      socket.write(request);
    };
    const read = (data: Buffer) => {
      tally.bytes += data.length;
      if (isWaiting) tally.firstByte = Math.max(tally.firstByte, performance.now() - sentAt);
      isWaiting = false;
      const status = reader.push(data);
      if (status === undefined) return;
      if (load.triesAgain && status === 503) {
        // The service closes it, too, rather than read a large body.
        socket
          .removeAllListeners()
          .on('error', () => undefined)
          .destroy();
        return setTimeout(() => converse(load, tally, sent).then(resolve, reject), RETRY_AFTER);
      }
      tally.latencies.push(performance.now() - sentAt);
      tally.statuses[status] = (tally.statuses[status] ?? 0) + 1;
      send(tally.next());
    };
    // One buffer for all that comes, cheaper than a stream: the load shares the machine with what it measures.
    const callback = (length: number, buffer: Uint8Array) => {
      read(Buffer.from(buffer.buffer, buffer.byteOffset, length));
      return true;
    };
    const socket = connect({ ...load.address, onread: { buffer: Buffer.allocUnsafeSlow(65_536), callback } }, () =>
      send(first),
    );
    socket.setNoDelay().on('error', reject);
    socket.on('close', () => reject(new Error('The server closed a connection before it had answered.')));
  });
}

answerJobs(async (load: Load): Promise<LoadResult> => {
  const tally = new Tally(load);
  await Promise.all(Array.from({ length: load.connections }, () => converse(load, tally)));
  return tally.result();
});
