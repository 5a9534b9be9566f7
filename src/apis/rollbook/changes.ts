import { type Changes, ChangesQuery, ChangesReply } from '../../../schemas/rollbook/changes';
import type { Caller } from '../../clients/client';
import { type Cursor, checkExpired, cursorsBy } from '../../feed/cursors';
import { openFeed } from '../../feed/feed';
import { openFilter } from '../../feed/filter';
import { START } from '../../feed/position';
import { waitingRoom } from '../../feed/waiting';
import { semaphore } from '../../http/admission/semaphore';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { EVENT_STREAM, eventStream, type ServerSentEvent } from '../../http/formats/event-stream';
import { json } from '../../http/formats/json';
import { ndjson } from '../../http/formats/ndjson';
import { problemFrom, statusOf } from '../../http/problem';
import { Live } from '../../http/send';
import type { Dependencies } from '../dependencies';
import { invalid, numberOf } from './parameters';

/** Changes of an answer. */
const LIMIT = 1_000;
/** Of a part of a stream. */
const PART = 500;
/** How long a stream goes on, in seconds: within it, who may no more is told so. */
const LONGEST_STREAM = 60;
/** How often a stream shows that it goes on, in milliseconds: what is between may close one that is silent. */
const HEARTBEAT = 15_000;
/** Requests and streams that wait at the same time, by shares; one more is answered 503. */
const LISTENING = 400;
/** Those that are read at the same time: all that wait may be told at once to read on. */
const READING = 4;

type ChangesCall = Pick<
  Call<object, { after?: string; section?: string; school?: string; limit?: string; wait?: string }>,
  'caller' | 'again' | 'epoch' | 'query' | 'gone' | 'type' | 'lastEventId'
>;

/** `/changes`: what has changed, in an order in which nothing is missed, for those who follow. */
export function changesEndpoints({ database, roster, signer, stopping }: Dependencies): Endpoint[] {
  const feed = openFeed(database);
  const cursors = cursorsBy(signer);
  const filterOf = openFilter(database, roster);
  const waitFor = waitingRoom(feed, stopping);
  const listening = semaphore(LISTENING, 0);
  const reading = semaphore(READING, LISTENING);

  /** Nobody waits for it any more, or is to wait. */
  const isOver = ({ gone }: ChangesCall): boolean => gone().aborted || Boolean(stopping?.aborted);

  /** A page after the cursor, and the cursor after it. */
  async function readAfter({ caller }: ChangesCall, cursor: Cursor, limit: number) {
    const done = await reading.enter(1, caller);
    try {
      const gone = await feed.expired(caller.district);
      checkExpired(cursor, gone);
      const page = await feed.read(caller, { ...cursor, after: cursor.place, limit });
      return { ...page, next: { ...cursor, place: page.next, times: gone?.times ?? 0 } };
    } finally {
      done();
    }
  }

  /** Waits until there may be something after the cursor; the time is in seconds. */
  async function listenAfter({ caller, gone }: ChangesCall, { place }: Cursor, seconds: number): Promise<void> {
    const leave = await listening.enter(1, caller);
    await waitFor(caller.district, place, seconds * 1_000, gone()).finally(leave);
  }

  /** The same call by whoever may make it now: a client may be revoked while it waits. Throws Problem where nobody may. */
  const again = async <Made extends ChangesCall>(call: Made): Promise<Made> => ({
    ...call,
    caller: await call.again(),
  });

  async function page(call: ChangesCall, asked: Cursor): Promise<Changes> {
    let asking = call;
    const [limit, wait] = [numberOf(call.query.limit) ?? LIMIT, numberOf(call.query.wait) ?? 0];
    const until = performance.now() + wait * 1_000;
    let cursor = asked;
    for (;;) {
      const { changes, next, more } = await readAfter(asking, cursor, limit);
      const left = (until - performance.now()) / 1_000;
      if (changes.length > 0 || more || left <= 0 || isOver(call))
        return { changes, next: cursors.write(ofCall(call), next), more };
      cursor = next;
      await listenAfter(asking, cursor, left);
      asking = await again(asking);
    }
  }

  async function* events(call: ChangesCall, asked: Cursor, leave: () => void): AsyncGenerator<ServerSentEvent[]> {
    const gone = call.gone();
    const until = performance.now() + LONGEST_STREAM * 1_000;
    const of = ofCall(call);
    let cursor = asked;
    let asking = call;
    try {
      // Whoever loses the connection before there is a change goes on here, too.
      yield [{ id: cursors.write(of, cursor) }];
      while (performance.now() < until && !isOver(call)) {
        const { changes, placeOf, next, more } = await readAfter(asking, cursor, PART);
        cursor = next;
        yield changes.map((data, index) => ({
          id: cursors.write(of, { ...next, place: index === changes.length - 1 ? next.place : placeOf(index) }),
          data,
        }));
        if (!more)
          await waitFor(call.caller.district, next.place, Math.min(HEARTBEAT, until - performance.now()), gone);
        asking = await again(asking);
        if (!more) yield [{ id: cursors.write(of, next) }];
      }
    } catch (error) {
      // What has begun cannot be refused any more: it ends, and who asks again is told why.
      if (statusOf(problemFrom(error)) >= 500) throw error;
    } finally {
      leave();
    }
  }

  /** The filter that is asked for, and the place: that of a cursor, which is of its own filter. */
  async function askedBy({ caller, epoch, query, type, lastEventId }: ChangesCall): Promise<Cursor> {
    const { district } = caller;
    if (lastEventId && type !== EVENT_STREAM)
      throw invalid('Last-Event-ID', 'left out where no stream of events is asked for', lastEventId);
    const after = lastEventId || query.after || 'start';
    const filter = await filterOf(caller, query, 'QUERY_INVALID');
    const times = async () => (await feed.expired(district))?.times ?? 0;
    if (after === 'start') return { ...filter, place: START, times: await times() };
    if (after === 'now') return { ...filter, times: await times(), place: await feed.now(district) };
    const cursor = cursors.read({ district, epoch }, after);
    const field = lastEventId ? 'Last-Event-ID' : 'after';
    if (!cursor) throw invalid(field, 'start, now, or a cursor that was handed out to this district', after);
    for (const name of ['section', 'school'] as const)
      if (cursor[name] !== filter[name])
        throw invalid(name, `${cursor[name] ?? 'left out'}, as where the cursor was handed out`, query[name]);
    return cursor;
  }

  const read = endpoint({
    method: 'GET',
    path: '/',
    summary: 'Reads what has changed, or waits for it',
    errors: ['NOT_FOUND', 'CURSOR_EXPIRED'],
    scope: 'attendance:read',
    current: true,
    elsewhere: true,
    formats: [json, ndjson('changes'), eventStream('changes')],
    schemas: { query: ChangesQuery, reply: ChangesReply },
    async handle(call) {
      const cursor = await askedBy(call);
      const read = { school: cursor.school, ...(cursor.section !== null && { section: cursor.section }) };
      if (call.type !== EVENT_STREAM) {
        const body = await page(call, cursor);
        const records = body.changes.length;
        return { status: 200, body, reads: records > 0 ? [{ ...read, records }] : [] };
      }
      for (const name of ['limit', 'wait'] as const)
        if (call.query[name]) throw invalid(name, 'left out of a stream, which waits and goes on', call.query[name]);
      checkExpired(cursor, await feed.expired(call.caller.district));
      const leave = await listening.enter(1, call.caller);
      call.gone().addEventListener('abort', leave);
      const changes = events(call, cursor, leave) as AsyncGenerator<never[]>;
      // RFC 9111, 5.2.2.6, for what is between; `X-Accel-Buffering` is heeded by nginx.
      const headers = { 'X-Accel-Buffering': 'no' };
      return { status: 200, headers, body: new Live<Changes>({ changes, next: '', more: false }), reads: [read] };
    },
  });
  return [read];
}

const ofCall = ({ caller, epoch }: { caller: Caller; epoch: string }) => ({ district: caller.district, epoch });
