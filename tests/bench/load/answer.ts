import { once } from 'node:events';
import { connect } from 'node:net';
import type { Address } from '../processes/rollbook';

export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

/** Sends a request once and reads the answer whole, to look at it. */
export async function answerOf(address: Address, request: Uint8Array): Promise<Answer> {
  const socket = connect(address);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // In the words of HTTP/1.0, to which no answer comes in chunks.
  socket.write(Buffer.from(request).toString('latin1').replace(' HTTP/1.1\r\n', ' HTTP/1.0\r\n'), 'latin1');
  await once(socket, 'close');
  const all = Buffer.concat(chunks);
  const end = all.indexOf('\r\n\r\n');
  const head = all.subarray(0, end).toString('latin1');
  return { status: Number(head.slice(9, 12)), head, body: all.subarray(end + 4) };
}

/** The value of a header; throws where it is not there. */
export function header({ head }: Answer, name: string): string {
  const value = new RegExp(`\\r\\n${name}: *([^\\r]*)`, 'i').exec(head)?.[1];
  if (value === undefined) throw new Error(`No ${name} in ${head}`);
  return value;
}
