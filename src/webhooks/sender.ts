import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import type { Audit } from '../audit/audit';
import type { Secrets } from '../clients/secrets';
import type { Database } from '../database/database';
import { openEpoch } from '../database/epoch';
import { openFeed } from '../feed/feed';
import { isBefore, type Position } from '../feed/position';
import { semaphore } from '../http/admission/semaphore';
import { type Networks, type Resolve, resolveName } from './addresses';
import { openLease } from './lease';
import { type Format, type Message, messagesOf } from './messages';
import { type Claimed, openProgress, type Progress } from './progress';
import { DEAD, delayAfter, isOverloaded } from './retry';
import { type Answer, send } from './send';
import { signedHeaders } from './signature';
import { type DisabledReason, isOfAnotherDatabase } from './targets-sql';

/** How many changes are read, and are on their way to a target, at a time. */
const PAGE = 100;
/** Sections of which a target is told at the same time. */
const PARALLEL = 4;
/** Messages on their way at a time, to all targets; a district has three quarters of them at most. */
const AT_ONCE = 64;

/** How often it is looked for what other processes have written, in milliseconds; what this one writes wakes at once. */
const POLL = 400;
/** The shortest time between two looks. */
const PAUSE = 25;
/** How often it is looked for targets that other processes have made or changed. */
const RELOAD = 3_000;
/** How often it is noted how far a target is that was told nothing, since nothing concerned it. */
const NOTE = 60_000;
/** How long is waited after something went wrong that is not a receiver's fault. */
const REST = 5_000;
/** How long messages that are on their way may take to arrive once the process is told to stop. */
const LEAVING = 2_000;

export interface SenderOptions {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly formats: readonly Format[];
  readonly networks: Networks;
  /** Where it is noted whose records were sent, if that is wanted. */
  readonly audit?: Pick<Audit, 'note'> | undefined;
  readonly log: Pick<Logger, 'warn' | 'error'>;
  /** Tells of what goes wrong and is not a receiver's fault. */
  readonly onFault: (error: unknown) => void;
  /** In place of asking name servers. */
  readonly resolve?: Resolve;
  /** In place of `NOTE`, where tests cannot wait so long. */
  readonly noteAfter?: number;
}

/** A target that is told what changes. */
interface Telling {
  /** As it stands in the database. */
  target: Progress;
  /** Up to where it has been told, or there was nothing to tell. */
  position: Position;
  /** Whether there may be more after that. */
  isBehind: boolean;
  isWorking: boolean;
  /** Until when it is let alone, since something went wrong that is not the receiver's fault. */
  rest: number;
  /** When its position was last noted. */
  noted: number;
  /** How many sections at a time: fewer where the receiver said that it has too much to do. */
  parallel: number;
  /** The messages of this page that have arrived. */
  readonly arrived: Set<string>;
}

export type Sender = ReturnType<typeof openSender>;

/**
 * Tells targets what changes, as long as this process is the one that does. For each target it reads a page of the feed, notes
 * that it is on its way, sends it, and only then goes on: what was not noted as told before a crash is sent again, as the
 * same messages.
 */
export function openSender({
  database,
  secrets,
  formats,
  networks,
  audit,
  log,
  onFault,
  resolve = resolveName,
  noteAfter = NOTE,
}: SenderOptions) {
  const feed = openFeed(database);
  const epoch = openEpoch(database);
  const lease = openLease(database);
  const progress = openProgress(database, lease.holder);
  const turns = semaphore(AT_ONCE);
  const stop = new AbortController();
  setMaxListeners(AT_ONCE, stop.signal); // each attempt listens
  const telling = new Map<number, Telling>();
  const working = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let looked = Number.NEGATIVE_INFINITY; // when it was last asked for targets
  let rest = 0; // until when nothing is done
  let isOthers = false; // another process sends
  let current: Promise<void> | undefined;
  let isWanted = false;
  let isStopping = false;

  /** Looks once whom there is something to tell. */
  async function look(): Promise<void> {
    const now = performance.now();
    if (now < rest) return;
    try {
      if (isOthers && !(await lease.hold())) return;
      const isOld = isOthers || now - looked >= RELOAD;
      isOthers = false;
      if (telling.size === 0 && !isOld) return;
      if (isOld) looked = now;
      const targets = isOld ? await progress.due() : [];
      if (telling.size === 0 && targets.length === 0) return await lease.release();
      if (!(await lease.hold())) return leaveToOthers();
      if (isOld) adopt(targets);
      if (telling.size === 0) return await lease.release();
      await begin();
    } catch (error) {
      rest = performance.now() + REST;
      onFault(error);
    }
  }

  function leaveToOthers(): void {
    isOthers = true;
    for (const [id, { isWorking }] of telling) if (!isWorking) telling.delete(id);
  }

  /** Goes on with the targets as they stand by now. */
  function adopt(targets: readonly Progress[]): void {
    const ids = new Set(targets.map(({ id }) => id));
    for (const [id, { isWorking }] of telling) if (!ids.has(id) && !isWorking) telling.delete(id);
    for (const target of targets) {
      const known = telling.get(target.id);
      if (!known || (!known.isWorking && !isSame(placeOf(known.target), placeOf(target))))
        telling.set(target.id, begun(target));
      else if (!known.isWorking) known.target = target;
    }
  }

  /** Begins to tell those who are behind, and whose time it is. */
  async function begin(): Promise<void> {
    const waiting = [...telling.values()].filter(({ isWorking, isBehind }) => !isWorking && !isBehind);
    const places = new Map<number, Position>();
    for (const { target, position } of waiting) {
      const place = places.get(target.district_id);
      if (!place || isBefore(position, place)) places.set(target.district_id, position);
    }
    const districts = places.size > 0 ? await feed.withMore(places) : [];
    for (const each of waiting) each.isBehind = districts.includes(each.target.district_id);
    for (const each of telling.values())
      if (!each.isWorking && isDue(each) && (each.isBehind || isToBeNoted(each))) work(each);
  }

  function work(each: Telling): void {
    each.isWorking = true;
    const done = tell(each)
      .catch((error) => {
        each.rest = performance.now() + REST;
        onFault(error);
      })
      .finally(() => {
        each.isWorking = false;
        working.delete(done);
      });
    working.add(done);
  }

  /** Tells a target all that there is. */
  async function tell(each: Telling): Promise<void> {
    const present = await epoch();
    if (isOfAnotherDatabase(each.target, present)) return disable(each, 'restored', '');
    each.target = { ...each.target, epoch: present };
    const { target } = each;
    const format = formats.find(({ api }) => api === target.api);
    if (!format) throw new TypeError(`nobody says how ${target.api} tells of changes`);
    for (let isMore = true; isMore && !isStopping; ) {
      const isBegun = isSame(each.position, placeOf(each.target));
      const limit = (isBegun && each.target.sending) || PAGE;
      const page = await feed.read(actorOf(target), { ...filterOf(target), after: each.position, limit });
      const words = await format.wordsFor(target); // after the page: whoever asked before a change is told of it
      const sending = { ...each.target, ...columnsOf(each.position), sending: page.changes.length };
      const messages = messagesOf(sending, page.changes, words);
      if (messages.length > 0) {
        const claimed = await progress.claim(each.target, each.position, sending.sending);
        if (!claimed) return forget(each);
        each.target = sending;
        const failure = await sendAll(each, messages, claimed, format);
        const isSent = messages.flat().every(({ id }) => each.arrived.has(id));
        if (!isSent && (isStopping || !lease.isOurs())) return; // by whoever is next
        if (failure) return failed(each, failure);
        each.arrived.clear();
        each.parallel = Math.min(PARALLEL, each.parallel + 1);
      }
      each.position = page.next;
      if (messages.length > 0 && !(await progress.told(each.target, page.next))) return forget(each);
      if (messages.length > 0) each.target = { ...each.target, ...columnsOf(page.next), ...untroubled };
      isMore = page.more;
    }
    each.isBehind = false;
    await note(each);
  }

  /** Whether it has come on since it was last noted where it is, and that was a while ago. */
  const isToBeNoted = ({ position, target, noted }: Telling): boolean =>
    !isSame(position, placeOf(target)) && performance.now() - noted >= noteAfter;

  /** Notes where it is, once in a while, where nothing that changed concerned it. */
  async function note(each: Telling): Promise<void> {
    if (!isToBeNoted(each)) return;
    if (!(await progress.pass(each.target, each.position))) return forget(each);
    each.noted = performance.now();
    each.target = { ...each.target, ...columnsOf(each.position), sending: null };
  }

  /** One message of a section after the other, several sections at the same time. What went wrong, if anything did. */
  async function sendAll(
    each: Telling,
    sections: Message[][],
    claimed: Claimed,
    format: Format,
  ): Promise<Answer | undefined> {
    const left = [...sections];
    let failure: Answer | undefined;
    const sendSections = async () => {
      for (let next = left.shift(); next; next = left.shift())
        for (const message of next.filter(({ id }) => !each.arrived.has(id))) {
          if (isStopping || !lease.isOurs() || (failure && isHopeless(failure))) return;
          const answer = await sendOne(each.target, message, claimed);
          if (answer.status === null || !format.isDelivered(answer.status)) {
            failure ??= answer;
            break;
          }
          each.arrived.add(message.id);
        }
    };
    await Promise.all(Array.from({ length: Math.min(each.parallel, left.length) }, sendSections));
    return failure;
  }

  async function sendOne(target: Progress, { id, body, reads }: Message, to: Claimed) {
    const { client_id: client, district_id: district } = target;
    const leave = await turns.enter(1, { client, district });
    try {
      const now = new Date();
      const { secret, previous_secret, previous_until } = to;
      const isPreviousGood = previous_secret !== null && now.toISOString() < previous_until!;
      const sealed = isPreviousGood ? [secret, previous_secret] : [secret];
      const headers = signedHeaders(id, now, body, sealed.map(secrets.open));
      const answer = await send(to.url, headers, body, { networks, resolve, stop: stop.signal });
      // Also where it was not accepted: whoever was sent it may have kept it.
      if (audit && answer.isSent) {
        const sent = { webhook: target.id, host: new URL(to.url).host };
        for (const read of reads()) audit.note(actorOf(target), 'webhook', { ...read, sent });
      }
      return answer;
    } finally {
      leave();
    }
  }

  async function failed(each: Telling, { status, error, retryAfter }: Answer): Promise<void> {
    const { target } = each;
    const now = Date.now();
    const [failures, since] = [target.failures + 1, target.failing_since ?? new Date(now).toISOString()];
    const said = status === null ? error : `It answered ${status}.`;
    if (status === 410) return disable(each, 'gone', said); // "410 Gone": it wants no more
    if (now - Date.parse(since) >= DEAD) return disable(each, 'failing', said);
    if (isOverloaded(status)) each.parallel = 1;
    const next = new Date(now + delayAfter(failures, status, retryAfter) * 1_000).toISOString();
    if (!(await progress.failed(target, { failures, since, next, error: said }))) return forget(each);
    each.target = { ...target, failures, failing_since: since, next_attempt_at: next };
  }

  async function disable(each: Telling, reason: DisabledReason, error: string): Promise<void> {
    if (await progress.disabled(each.target, reason, error))
      log.warn({ target: each.target.id, reason }, 'a webhook target is disabled');
    forget(each);
  }

  /** It is not as it was thought to be: it is looked up again. */
  function forget({ target }: Telling): void {
    telling.delete(target.id);
    looked = Number.NEGATIVE_INFINITY;
  }

  /** Looks at once, or once more after the look that goes on. */
  function wake(): void {
    if (timer === undefined || isStopping) return;
    if (current) isWanted = true;
    else {
      current = look().finally(() => {
        setTimeout(() => {
          current = undefined;
          if (isWanted) wake();
          isWanted = false;
        }, PAUSE).unref();
      });
    }
  }

  return {
    start(): void {
      timer ??= setInterval(wake, POLL).unref();
      wake();
    },

    /** Something was written in this process. */
    wake,

    /** Targets were made or changed in this process. */
    reload(): void {
      looked = Number.NEGATIVE_INFINITY;
      wake();
    },

    /** Lets what is on its way arrive, and another process send. What does not arrive soon is sent again by that. */
    async stop(): Promise<void> {
      isStopping = true;
      clearInterval(timer);
      const late = setTimeout(() => stop.abort(), LEAVING);
      await current;
      await Promise.all(working);
      clearTimeout(late);
      await lease.release().catch(onFault);
    },
  };
}

const actorOf = ({ district_id: district, client_id: client, person_id: person, api }: Progress) => ({
  ...{ district, client, person, api },
});
const filterOf = ({ section_id: section, school_id: school }: Progress) => ({ section, school });

/** Whether it is time to try, and nothing went wrong lately that is ours. */
const isDue = ({ target: { next_attempt_at }, rest }: Telling): boolean =>
  performance.now() >= rest && (next_attempt_at === null || Date.parse(next_attempt_at) <= Date.now());

/** Another message would fare no better. */
const isHopeless = ({ status }: Answer): boolean => status === null || status === 410 || isOverloaded(status);

const placeOf = ({ after_transaction, after_id }: Progress): Position => ({
  transaction: after_transaction,
  id: after_id,
});
const columnsOf = ({ transaction, id }: Position) => ({ after_transaction: transaction, after_id: id });
const isSame = (one: Position, other: Position): boolean =>
  one.transaction === other.transaction && one.id === other.id;

const untroubled = { sending: null, failures: 0, failing_since: null, next_attempt_at: null };

const begun = (target: Progress): Telling => ({
  target,
  position: placeOf(target),
  isBehind: true,
  isWorking: false,
  rest: 0,
  noted: performance.now(),
  parallel: PARALLEL,
  arrived: new Set(),
});
