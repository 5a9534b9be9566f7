import { hash } from 'node:crypto';
import type { Change } from '../../schemas/rollbook/changes';
import type { Read } from '../audit/read';
import type { Position } from '../feed/position';
import { readsOf } from './disclosed';
import type { Progress } from './progress';

/** "keep payloads under 20kb": in bytes. A change that is larger by itself is sent alone. */
const LARGEST = 20_000;

/** How one target is told of changes, in the words of the API by which it was made. */
export interface Words {
  /** Whether the target is told of the change at all. */
  wants(change: Change): boolean;
  /** Whether two changes of a section, one after the other, can go in one message. */
  fits?(one: Change, other: Change): boolean;
  /** Whether a message has the changes themselves; else it says only that there are some. They are where nothing is said. */
  readonly hasRecords?: boolean;
  /** The JSON text of a message about changes of one section, which come after a place. */
  bodyOf(changes: readonly Change[], after: Position): string;
}

/** How an API tells of changes. */
export interface Format {
  /** The name of the API. */
  readonly api: string;
  /** The statuses that mean that a message has arrived. */
  isDelivered(status: number): boolean;
  wordsFor(target: Progress): Promise<Words>;
}

export interface Message {
  /** The same each time the message is sent. */
  readonly id: string;
  readonly body: string;
  /** Whose records it has: for the audit of reads. */
  reads(): Read[];
}

/**
 * The messages about a page of changes, those of each section in a list of their own, in its order. The same page makes the same
 * messages: what is sent again after a crash has the `webhook-id` that it had.
 */
export function messagesOf(target: Progress, page: readonly Change[], words: Words): Message[][] {
  const after = { transaction: target.after_transaction, id: target.after_id };
  const sections = new Map<number | null, Change[]>();
  for (const change of page.filter((each) => words.wants(each))) {
    const { section } = change;
    sections.set(section, [...(sections.get(section) ?? []), change]);
  }
  return [...sections].map(([section, changes]) =>
    runsOf(changes, words)
      .flatMap((run) => bodiesOf(run, after, words))
      .map(({ body, about }, index) => ({
        id: idOf(target, section, index, body),
        body,
        reads: () => readsOf(about, words.hasRecords ?? true),
      })),
  );
}

/** The changes cut where two of them do not go together. */
function runsOf(changes: readonly Change[], { fits = () => true }: Words): Change[][] {
  const runs: Change[][] = [];
  for (const change of changes) {
    const run = runs.at(-1);
    if (run && fits(run.at(-1)!, change)) run.push(change);
    else runs.push([change]);
  }
  return runs;
}

interface Body {
  readonly body: string;
  readonly about: readonly Change[];
}

/** One body of all, or the bodies of both halves where that is too large. */
function bodiesOf(changes: readonly Change[], after: Position, words: Words): Body[] {
  const body = words.bodyOf(changes, after);
  if (changes.length === 1 || Buffer.byteLength(body) <= LARGEST) return [{ body, about: changes }];
  const half = Math.ceil(changes.length / 2);
  return [changes.slice(0, half), changes.slice(half)].flatMap((part) => bodiesOf(part, after, words));
}

/** Of the target, where the page begins, which message of it this is, and what it says. */
function idOf(
  { epoch, id, after_transaction, after_id }: Progress,
  section: number | null,
  index: number,
  body: string,
) {
  const named = [epoch, id, after_transaction, after_id, section, index, body].join('.');
  return `msg_${hash('sha256', named, 'base64url').slice(0, 27)}`;
}
