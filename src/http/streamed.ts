import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { turn } from './turn';

/** A list that comes bit by bit, in order. */
type Bits = AsyncIterable<readonly unknown[]>;

/**
 * A body that is too large to be held at once: an object whose properties are written in their order. One that is a
 * function is asked when its turn has come.
 */
export class Streamed {
  constructor(readonly properties: Readonly<Record<string, unknown | Bits | (() => unknown)>>) {}
}

/** How a format writes an object in parts. */
export interface Parts {
  readonly open: string;
  readonly close: string;
  property(name: string, value: unknown, isFirst: boolean): string;
  /** What begins a list, writes some of its items, and ends it. */
  readonly list: {
    begin(name: string, isFirst: boolean): string;
    items(name: string, items: readonly unknown[], isFirst: boolean): string;
    end(name: string): string;
  };
}

const isBits = (value: unknown): value is Bits =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** The text of a streamed body, part after part; before each of them, and of what they are made of, others have their turn. */
export async function* textOf(
  { properties }: Streamed,
  { open, close, property, list }: Parts,
): AsyncGenerator<string> {
  await turn(); // also where this is asked for by the end of another
  yield open;
  let isFirst = true;
  for (const [name, given] of Object.entries(properties)) {
    await turn();
    const value = typeof given === 'function' ? await given() : given;
    if (!isBits(value)) yield property(name, value, isFirst);
    else {
      yield list.begin(name, isFirst);
      let isFirstItem = true;
      for await (const items of value) {
        if (items.length > 0) {
          yield list.items(name, items, isFirstItem);
          isFirstItem = false;
        }
        await turn();
      }
      yield list.end(name);
    }
    isFirst = false;
  }
  yield close;
}

const gone = ['ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'];

/** How long a streamed answer may take, in milliseconds. */
interface Patience {
  /** As a whole. */
  readonly longest: number;
  /** For a part of it, while others wait for its turn. */
  readonly stalledBeforeOthers: number;
  readonly isWanted: () => boolean;
}

/**
 * Sends it no faster than the client takes it, but not for ever: not beyond the longest time, nor to a client that takes
 * nothing while others wait. A client that goes away is no fault of ours.
 */
export async function stream(
  response: Response,
  text: AsyncGenerator<string>,
  { longest, stalledBeforeOthers, isWanted }: Patience,
): Promise<void> {
  let taken = performance.now();
  async function* watched() {
    for await (const part of text) {
      yield part;
      taken = performance.now(); // it is asked for more
    }
  }
  const cut = new AbortController();
  const watch = setInterval(() => {
    if (performance.now() - taken > stalledBeforeOthers && isWanted()) cut.abort();
  }, stalledBeforeOthers / 4);
  const signal = AbortSignal.any([cut.signal, AbortSignal.timeout(longest)]);
  try {
    await pipeline(Readable.from(watched(), { highWaterMark: 1 }), response, { signal });
  } catch (error) {
    if (!gone.includes(String((error as NodeJS.ErrnoException).code))) throw error;
  } finally {
    clearInterval(watch);
  }
}
