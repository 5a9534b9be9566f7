import { CONNECT, connectionsToOne, disconnect, type Opened, type OpenOne } from './connect';
import { partsOf, type Server, type Target, targetOf, targets } from './hosts';

/** How long a host has to answer before the next one is asked too, in milliseconds: RFC 8305, 8, Connection Attempt Delay. */
const HEAD_START = 250;
/** How long to wait before a host is asked again, in milliseconds. */
const AGAIN = 250;
/** For how long one that can be written is looked for before one that can only be read is taken, in milliseconds. */
const LOOK = 1_000;

/** Where it is to be written, one that can be read is better than none. */
const ELSE_READ: readonly Target[] = ['read-write', 'primary'];

/** None of the hosts can be used just now. */
class NoServer extends Error {
  /** SQLSTATE sqlclient_unable_to_establish_sqlconnection. */
  readonly code = '08001';
}

interface Host {
  readonly host: string;
  readonly open: OpenOne;
}

/** Connections to the PostgreSQL of a URL. */
export interface Connections {
  /**
   * One to the first host that is what `target_session_attrs` asks for. Hosts are asked again for as long as a connection may
   * take: a standby may be about to be promoted. Where one is to be written and none can be, one that can be read is taken.
   */
  open(): Promise<Opened>;
  /**
   * Whether a connection is still the best there is. By asking for one that can only be read, one that can be written is looked
   * for: once it is found, the others are no longer good.
   */
  isGood(opened: Opened[1]): boolean;
  /** Nothing is looked for any more. */
  close(): void;
}

/** @param timeout how long a statement, or a pause within a transaction, may take, in milliseconds; 0 for no limit */
export function connectionsTo(url: string, timeout: number): Connections {
  const { before, hosts, after } = partsOf(url);
  const target = targetOf(url) ?? 'any';
  const isWanted = targets[target];
  const elseRead = ELSE_READ.includes(target);
  const servers = hosts.map((host) => ({ host, open: connectionsToOne(before + host + after, timeout) }));
  const closing = new AbortController();
  const search = (spareAfter?: number) => {
    const now = performance.now();
    const spareFrom = spareAfter === undefined ? undefined : now + spareAfter;
    return firstOf(servers, { isWanted, spareFrom, end: now + CONNECT, signal: closing.signal });
  };
  /** Whether none that can be written was found when it was last looked for. */
  let isReading = false;
  let isLooking = false;

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    await search()
      .then(([connection]) => {
        isReading = false;
        return disconnect(connection);
      })
      .catch(() => undefined); // it is looked for again as long as somebody asks
    isLooking = false;
  }

  async function openAny(): Promise<Opened> {
    const isKnown = isReading;
    const opened = await search(elseRead ? (isKnown ? 0 : LOOK) : undefined);
    if (isWanted(opened[1].server)) isReading = false;
    else if (!isKnown) isReading = true;
    return opened;
  }

  async function openOnly(): Promise<Opened> {
    const opened = await servers[0]!.open(CONNECT);
    const [connection, { server }] = opened;
    if (isWanted(server) || elseRead) return opened;
    await disconnect(connection);
    throw new Error(whyNot(server));
  }

  return {
    open: servers.length === 1 ? openOnly : openAny,
    isGood({ server }) {
      if (servers.length === 1 || isWanted(server)) return true;
      if (isReading) void look();
      return isReading;
    },
    close: () => closing.abort(),
  };
}

const whyNot = ({ readOnly }: Server): string => (readOnly ? 'it can only be read' : 'it can be written');

interface Search {
  readonly isWanted: (server: Server) => boolean;
  /** From when on one that is not wanted is taken all the same; never where undefined. By the clock of `performance.now`. */
  readonly spareFrom: number | undefined;
  /** When to give up. */
  readonly end: number;
  readonly signal: AbortSignal;
}

/** The first that is wanted. Each is asked when the one before it has failed, or has had its head start; then again and again. */
function firstOf(hosts: readonly Host[], { isWanted, spareFrom, end, signal }: Search): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const reasons = hosts.map(() => '');
    const timers = new Set<NodeJS.Timeout>();
    let [begun, ended, isOver] = [0, 0, false];
    let spare: Opened | undefined;

    const later = (work: () => void, after: number) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        work();
      }, after);
      timers.add(timer);
    };
    function finish(found?: Opened): void {
      isOver = true;
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      if (spare && spare !== found) void disconnect(spare[0]);
      if (found) resolve(found);
      else reject(new NoServer(`None of the hosts can be used: ${reasons.join('; ')}`));
    }
    const stop = () => finish();

    function begin(): void {
      const place = begun;
      if (place === hosts.length) return;
      begun++;
      later(() => begun === place + 1 && begin(), HEAD_START);
      void ask(place);
    }
    async function ask(place: number): Promise<void> {
      const { host, open } = hosts[place]!;
      try {
        const opened = await open(Math.max(1, end - performance.now()));
        if (isOver) return await disconnect(opened[0]);
        if (isWanted(opened[1].server)) return finish(opened);
        reasons[place] = `${host}: ${whyNot(opened[1].server)}`;
        await keep(opened);
      } catch (error) {
        const { message, code } = error as NodeJS.ErrnoException;
        // In the end there is no time left for an answer, which says less than the answer before.
        if (reasons[place] === '' || performance.now() < end) reasons[place] = `${host}: ${message || code}`;
      }
      if (isOver) return;
      if (place === begun - 1) begin();
      if (performance.now() + AGAIN < end) later(() => ask(place), AGAIN);
      else if (++ended === hosts.length) finish(spare);
    }
    /** One that is not wanted, until one that is wanted has been looked for. */
    async function keep(opened: Opened): Promise<void> {
      if (spareFrom === undefined || spare) return disconnect(opened[0]);
      spare = opened;
      const left = spareFrom - performance.now();
      if (left > 0) later(() => finish(spare), left);
      else finish(spare);
    }

    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    else begin();
  });
}
