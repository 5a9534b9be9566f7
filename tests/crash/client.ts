import { type Entries, type Entry, keyOf, type Place, untouched } from './entry';
import type { Random } from './random';
import type { Api, CrashRequest } from './requests/request';
import type { School } from './school';

export type Client = ReturnType<typeof clientOf>;

/** What a client knows of its entries: how they stand, and if its last request, whose fate is unknown, was done. */
export interface Expected {
  readonly name: string;
  readonly before: Entries;
  readonly after?: Entries;
}

/**
 * A connection that is on its way to a worker when that is killed is never answered: it is gone from the worker, and
 * the process that supervises believes it there. Clients give up after a while, in milliseconds.
 */
export const PATIENCE = 5_000;

/** What a service may answer that loses its database, its disk or its life. */
const AWAY = [503, 507];

/**
 * A client of one API, which writes the entries of some students that nobody else writes, one request after the other,
 * and remembers what was acknowledged.
 * @param stamps one number for each request of all clients
 */
export function clientOf(api: Api, school: School, students: readonly number[], random: Random, stamps: () => number) {
  let entries = new Map<string, Entry>();
  let pending: CrashRequest | undefined;
  let acknowledged = 0;
  const now = (place: Place): Entry => entries.get(keyOf(place)) ?? untouched;
  const name = `${api.name} of students ${students.map((index) => school.students[index]).join(', ')}`;

  const mine = new Set(school.sections.flatMap(({ enrollments }) => students.map((index) => enrollments[index])));

  const places = (section: number, days: number): Place[] => {
    const { id, enrollments, isTaken } = school.sections[section]!;
    const from = random.between(0, school.days.length - 1);
    return school.days.slice(from, from + days).flatMap((date) =>
      students.map((index) => ({
        section: id,
        student: school.students[index]!,
        enrollment: enrollments[index]!,
        date,
        isTaken,
      })),
    );
  };

  /** Whether it was acknowledged. Throws where the answer is one that a client should never get. */
  async function send(url: string, { method, path, body, isAcknowledged }: CrashRequest): Promise<boolean> {
    const answer = await fetch(url + path, {
      method,
      headers: { ...api.headers(school.token), 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE),
    })
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch(() => undefined); // the connection was cut
    if (answer === undefined || AWAY.includes(answer.status)) return false;
    if (answer.status < 300 && isAcknowledged(JSON.parse(answer.text))) return true;
    throw new Error(`${name}: ${method} ${path} was answered ${answer.status} ${answer.text.slice(0, 500)}`);
  }

  return {
    /** Writes until it is told to stop, or until a request is not acknowledged. */
    async write(url: string, until: AbortSignal): Promise<void> {
      while (!until.aborted) {
        pending = api.next({ school, random, stamp: stamps(), places, now });
        if (!(await send(url, pending))) return;
        for (const [key, entry] of pending.changes) entries.set(key, entry);
        pending = undefined;
        acknowledged++;
      }
    },

    expected: (): Expected => ({
      name,
      before: entries,
      ...(pending && { after: new Map([...entries, ...pending.changes]) }),
    }),

    /** What stands after a check; the journal up to here has been read. */
    settle(stands: Entries): void {
      entries = new Map([...stands].map(([key, entry]) => [key, { ...entry, journal: [] }]));
      pending = undefined;
    },

    /** Whether the entry with this key is one that it writes. */
    owns: (key: string): boolean => mine.has(Number(key.split(' ')[0])),

    acknowledged: () => acknowledged,
  };
}
