/** What is refused last, first: a teacher waits for a roll, a person for a read, a program for the rest. */
export const priorities = ['roll', 'read', 'bulk'] as const;
export type Priority = (typeof priorities)[number];

/** A request that waits to be begun. Sizes are in bytes. */
export interface Waiting {
  readonly priority: Priority;
  readonly size: number;
  /** Nobody waits for its answer any more. */
  isGone(): boolean;
  /** @param leave to be called when its work is done */
  begin(leave: () => void): void;
  refuse(): void;
}

export interface AdmissionLimits {
  /** How long a request may wait, in milliseconds. */
  readonly wait: number;
  /** Requests that are worked on at the same time; one priority may take three quarters of them. */
  readonly atOnce: number;
  /** Requests that wait, and the bytes that they hold. */
  readonly queued: number;
  readonly queuedBytes: number;
}

export type AdmissionQueue = ReturnType<typeof admissionQueue>;

/** What the queue knows of time; tests have another. */
export interface EventLoop {
  /** Milliseconds, monotonic. */
  now(): number;
  /** In the next turn, after what has come is read. */
  soon(work: () => void): void;
  later(work: () => void, milliseconds: number): void;
}

/**
 * By how much of the wait one has to have come before one of the highest priority to be begun before it: earliest deadline
 * first, with deadlines that lie behind each other. So a roll waits for a quarter of the wait at most while reads are
 * refused, is overtaken by none that came after it, and where everybody can be served in time, nobody is left to wait.
 */
const BEHIND: Readonly<Record<Priority, number>> = { roll: 0, read: 0.75, bulk: 0.85 };
/**
 * How many times the wait one may wait: who lets others go first may wait longer, so that nobody is refused where all can
 * just be served. Not by as much as it is behind: as waits grow, bulk is refused first, then reads, then rolls.
 */
const PATIENCE: Readonly<Record<Priority, number>> = { roll: 1, read: 1.05, bulk: 1.1 };

const eventLoop: EventLoop = { now: () => performance.now(), soon: setImmediate, later: setTimeout };

/**
 * What requests of one priority may take of the places to work, and how long, in milliseconds, none of them may have
 * come or gone before those of lower ones have the rest: then they wait for something else, such as a lock.
 */
const SHARE = 3 / 4;
const STUCK = 100;
/** How often it is looked whether somebody has waited too long, in milliseconds. */
const OFTEN = 20;

/**
 * Admission control: queue first, refuse last. Requests wait here, rolls before reads before bulk by a part of the wait,
 * until few enough are worked on. One is refused when it has waited too long, or when the queue is full and it is the newest of the lowest
 * priority in it. docs/admission.md says why.
 */
export function admissionQueue(
  { wait, atOnce, queued, queuedBytes }: AdmissionLimits,
  { now, soon, later } = eventLoop,
) {
  const lines: Line[] = priorities.map((priority) => ({ priority, waiting: [], working: 0, moved: 0 }));
  const lowestFirst = [...lines].reverse();
  const lineOf = Object.fromEntries(lines.map((line) => [line.priority, line])) as Record<Priority, Line>;
  const working = new Set<Working>();
  const elsewhere = new Set<{ readonly since: number; readonly refuse: () => void }>();
  const clock = workedTime(wait, now);
  let length = 0;
  let bytes = 0;
  let isTurnDue = false;
  let isLookDue = false;
  let isAccepting = false;
  let accepting = 0;

  /** Takes one out of a line. */
  const taken = (one: Queued | undefined): Waiting => {
    length--;
    bytes -= one!.request.size;
    return one!.request;
  };

  const begin = (line: Line) => {
    const request = taken(line.waiting.shift());
    const one: Working = { since: now(), leave };
    function leave() {
      if (!working.delete(one)) return;
      line.working--;
      line.moved = clock.now();
      turnSoon();
    }
    working.add(one);
    clock.begun();
    line.working++;
    line.moved = clock.now();
    request.begin(leave);
  };

  /** Nobody is kept by one that waits for something else for as long as one may wait here. */
  const letGo = () => {
    for (const { since, leave } of working) {
      if (now() - since < wait) break; // they stand in the order in which they were begun
      leave();
    }
  };

  /** Those that have waited too long elsewhere, such as for their turn among heavy reads. */
  const expireElsewhere = () => {
    for (const { since, refuse } of elsewhere) {
      if (clock.now() - since <= wait) break;
      refuse();
    }
  };

  const expire = ({ priority, waiting }: Line) => {
    for (let first = waiting[0]; first; first = waiting[0]) {
      const isGone = first.request.isGone();
      if (!isGone && clock.now() - first.since <= PATIENCE[priority] * wait) return;
      const request = taken(waiting.shift());
      if (!isGone) request.refuse();
    }
  };

  const turn = () => {
    isTurnDue = false;
    clock.tick();
    // libuv accepts one connection in each turn: were the turns long, others would wait in the backlog of the system, where
    // nobody knows of them. So as many are accepted as are begun at a time, before those are.
    const isForNew = isAccepting && accepting < atOnce;
    isAccepting = false;
    accepting = isForNew ? accepting + 1 : 0;
    if (isForNew) return turnSoon();
    letGo();
    expireElsewhere();
    for (const line of lines) expire(line);
    for (let line = next(lines); line; line = next(lines)) begin(line);
    lookLater();
  };

  /** The line of which one is to be begun. One that has its share, and waits for something else, leaves the rest to the others. */
  const next = (among: readonly Line[]): Line | undefined => {
    if (working.size >= atOnce) return undefined;
    let first: Line | undefined;
    for (const line of among) if (!isEmpty(line) && (!first || urgency(line) > urgency(first))) first = line;
    if (!first || first.working < atOnce * SHARE) return first;
    return clock.now() - first.moved > STUCK ? next(among.filter((line) => line !== first)) : undefined;
  };
  const urgency = ({ priority, waiting }: Line): number => clock.now() - waiting[0]!.since - BEHIND[priority] * wait;

  /** Those that wait are looked at also while nobody leaves. */
  const lookLater = () => {
    if (isLookDue || length === 0) return;
    isLookDue = true;
    later(() => {
      isLookDue = false;
      turnSoon(); // never a turn beside one that is due: two in one turn of the loop would accept one connection
    }, OFTEN);
  };
  const turnSoon = () => {
    if (isTurnDue || length === 0) return;
    isTurnDue = true;
    soon(turn);
  };

  return {
    /** Whether one would be refused at once: the queue is full, and holds nothing of a lower priority. */
    isFullFor: (priority: Priority): boolean =>
      (length >= queued || bytes >= queuedBytes) && lines.slice(priorities.indexOf(priority) + 1).every(isEmpty),

    /**
     * For one that waits elsewhere: of that, the time counts in which somebody waits here.
     * @returns to be called when it waits no more
     */
    whileOthersWait(refuse: () => void): () => void {
      const one = { since: clock.now(), refuse };
      elsewhere.add(one);
      return () => void elsewhere.delete(one);
    },

    /** Of each priority: how many wait, and how many are worked on. */
    counts: () => lines.map(({ priority, waiting, working }) => ({ priority, waiting: waiting.length, working })),

    /** A request has come on a new connection, whatever becomes of it: there may be more connections behind it. */
    accepted(): void {
      isAccepting = true;
    },

    enter(request: Waiting): void {
      if (length === 0) clock.resume();
      clock.tick();
      lineOf[request.priority].waiting.push({ request, since: clock.now() });
      length++;
      bytes += request.size;
      while (length > queued || bytes > queuedBytes) {
        const line = lowestFirst.find((each) => !isEmpty(each))!;
        const last = taken(line.waiting.pop());
        if (!last.isGone()) last.refuse();
      }
      turnSoon();
    },
  };
}

interface Queued {
  readonly request: Waiting;
  readonly since: number;
}

interface Line {
  readonly priority: Priority;
  readonly waiting: Queued[];
  working: number;
  /** When one of it was begun or left. */
  moved: number;
}

const isEmpty = ({ waiting }: Line): boolean => waiting.length === 0;

interface Working {
  readonly since: number;
  readonly leave: () => void;
}

/**
 * Time in which requests could be begun. Where the machine or one long step of work stops the event loop, nobody was
 * served and nobody was overtaken: of such a gap a tenth of the wait counts, and a hundredth for each that was begun in it.
 */
function workedTime(wait: number, now: () => number) {
  let time = 0;
  let last = now();
  let begun = 0;
  return {
    now: () => time,
    begun: () => void begun++,
    tick(): void {
      const at = now();
      time += Math.min(at - last, wait / 10 + (begun * wait) / 100);
      last = at;
      begun = 0;
    },
    /** The time since the last tick does not count: nobody waited. */
    resume(): void {
      last = now();
    },
  };
}
