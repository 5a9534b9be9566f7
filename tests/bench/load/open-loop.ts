import { connect } from 'node:net';
import type { Address } from '../processes/rollbook';
import { answerJobs } from '../processes/worker';
import type { Arrivals, Fate } from './arrivals';
import { AnswerReader } from './reader';

/** How long answers are waited for after the last request, in milliseconds. */
const PATIENCE = 10_000;

interface Connection {
  send(bytes: Uint8Array, answered: (status: number) => void): void;
  end(): void;
}

function open(address: Address): Promise<Connection> {
  const reader = new AnswerReader();
  let answered: (status: number) => void = () => undefined;
  const callback = (length: number, buffer: Uint8Array) => {
    const status = reader.push(Buffer.from(buffer.buffer, buffer.byteOffset, length));
    if (status !== undefined) answered(status);
    return true;
  };
  return new Promise((resolve) => {
    const socket = connect({ ...address, onread: { buffer: Buffer.allocUnsafeSlow(16_384), callback } }, () =>
      resolve({
        send(bytes, then) {
          answered = then;
          socket.write(bytes);
        },
        end: () => socket.destroy(),
      }),
    );
    // Status 0: the connection broke.
    socket.setNoDelay().on('error', () => answered(0));
  });
}

const HEALTH = Buffer.from('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');

/** A connection that clients have had for a while: the service has accepted it, not only the system. */
async function kept(address: Address): Promise<Connection> {
  const connection = await open(address);
  await new Promise<number>((resolve) => connection.send(HEALTH, resolve));
  return connection;
}

/** Sends requests when they are due, and tells what became of each. */
export async function come(arrivals: Arrivals): Promise<Fate[]> {
  const { address, requests, perSecond, seconds } = arrivals;
  const free: Connection[] = [];
  while (free.length < arrivals.connections) {
    const missing = Math.min(50, arrivals.connections - free.length);
    free.push(...(await Promise.all(Array.from({ length: missing }, () => kept(address)))));
  }
  const fates: Fate[] = [];
  let sent = 0;
  let connections = free.length;
  const waiting: ((connection: Connection) => void)[] = [];
  const release = (connection: Connection) => {
    const next = waiting.shift();
    if (next) next(connection);
    else free.push(connection);
  };
  const connected = async (): Promise<Connection> => {
    const known = free.pop();
    if (known) return known;
    if (connections < arrivals.mostConnections) {
      connections++;
      return open(address);
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  const send = async (due: number, start: number) => {
    const { kind, bytes } = requests[sent++ % requests.length]!;
    const connection = await connected();
    const late = performance.now() - due;
    connection.send(bytes, (status) => {
      fates.push([kind, status, due - start, performance.now() - due, late]);
      if (status > 0) release(connection);
    });
  };
  const start = performance.now();
  let due = start;
  const isOver = () => (seconds === undefined ? sent >= requests.length : due >= start + seconds * 1_000);
  while (!isOver()) {
    while (due <= performance.now() && !isOver()) {
      send(due, start);
      due += (-Math.log(1 - Math.random()) / perSecond) * 1_000;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  for (const end = performance.now() + PATIENCE; fates.length < sent && performance.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, 10));
  for (const connection of free) connection.end();
  for (let lost = fates.length; lost < sent; lost++) fates.push(['none', 0, 0, PATIENCE, 0]);
  return fates;
}

if (require.main === module) answerJobs(come);
