import { call, isPassing, Refused } from '../shared/api';
import { PRESENT, type Status } from '../shared/status';
import { isSame, type Marks, markOf, type Stand } from './marks';

/** A roll as it is wanted. */
export interface Wish {
  readonly section: number;
  readonly date: string;
  /** The enrollments of all students on that day. */
  readonly students: readonly number[];
  readonly marks: Marks;
  /** What the wish is based on. */
  readonly base: Stand;
}

/** What came of sending it. */
export type Sent =
  | { readonly outcome: 'saved'; readonly stand: Stand }
  | { readonly outcome: 'partly'; readonly stand: Stand; readonly refused: readonly RefusedItem[] }
  | { readonly outcome: 'stale'; readonly theirs: Stand }
  | { readonly outcome: 'refused'; readonly message: string };

export interface RefusedItem {
  readonly enrollment: number;
  readonly message: string;
}

interface Attendance {
  readonly date: readonly {
    readonly date: string;
    readonly statuses: {
      readonly status: readonly {
        readonly attendances: {
          readonly attendance: readonly { enrollment_id: number; status: Status; comment: string }[];
        };
      }[];
    };
  }[];
}

interface Item {
  readonly response_code: number;
  readonly enrollment_id?: number;
  readonly message?: string;
}

const pathOf = (section: number) => `/v1/sections/${section}/attendance`;

/** The roll as it stands: `taken=1` tells a roll with everybody present from one that was not taken. */
export async function loadStand(section: number, date: string): Promise<Stand> {
  const { body, etag = '' } = await call<Attendance>('GET', `${pathOf(section)}?start=${date}&end=${date}&taken=1`);
  const statuses = body.date[0]?.statuses.status.flatMap(({ attendances }) => attendances.attendance) ?? [];
  const marks = Object.fromEntries(
    statuses.map(({ enrollment_id, status, comment }) => [enrollment_id, { status, comment }]),
  );
  return { etag: strong(etag), taken: body.date.length > 0, marks };
}

/** What compresses an answer on its way weakens its tag (RFC 9110, 8.8.3.3); it names the same revision still. */
const strong = (etag: string): string => etag.replace(/^W\//, '');

/**
 * Sends the whole roll, present students too, if the section is still as it was read (If-Match); where it was never
 * read, it is first. Throws what another try may cure: Offline, or Refused for want of a session, of patience or of a
 * server.
 */
export async function sendRoll(wish: Wish): Promise<Sent> {
  try {
    if (!wish.base.etag) return { outcome: 'stale', theirs: await loadStand(wish.section, wish.date) };
    const { body, etag } = await call<{ attendance: readonly Item[] }>('PUT', pathOf(wish.section), {
      body: { attendances: { attendance: wish.students.map((enrollment) => itemOf(wish, enrollment)) } },
      ifMatch: wish.base.etag,
    });
    const items = body.attendance.flatMap(({ response_code, enrollment_id, message }) =>
      response_code === 200 ? [] : [{ enrollment: Number(enrollment_id), message: message ?? String(response_code) }],
    );
    const stand =
      etag && items.length === 0
        ? { etag: strong(etag), taken: true, marks: wish.marks }
        : await loadStand(wish.section, wish.date);
    const refused = items.filter(({ enrollment }) => isSaid(wish, enrollment));
    return refused.length > 0 ? { outcome: 'partly', stand, refused } : { outcome: 'saved', stand };
  } catch (error) {
    if (!(error instanceof Refused) || error.status === 401 || isPassing(error)) throw error;
    if (error.status === 412) return { outcome: 'stale', theirs: await loadStand(wish.section, wish.date) };
    return { outcome: 'refused', message: error.message };
  }
}

/** Nobody has said anything of a student who is present as before: who has left meanwhile needs no word of it. */
const isSaid = ({ base, marks }: Wish, enrollment: number): boolean =>
  !isSame(markOf(base.marks, enrollment), markOf(marks, enrollment)) || markOf(marks, enrollment).status !== PRESENT;

function itemOf({ date, marks }: Wish, enrollment: number) {
  const mark = marks[enrollment];
  return { enrollment_id: enrollment, date, ...(mark ?? { status: PRESENT }) };
}
