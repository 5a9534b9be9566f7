import type { Roll } from '../../../schemas/rollbook/rolls';
import { call, isPassing, Refused } from '../shared/api';
import type { Edit, Stand } from './marks';

/** What is wanted of a roll. */
export interface RollUpdate extends Edit {
  readonly section: number;
  readonly date: string;
  /** What the update is based on. */
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
  /** Whether the student is on the roll, and what was said of them is wrong. */
  readonly isOnRoll: boolean;
}

const pathOf = ({ section, date }: Pick<RollUpdate, 'section' | 'date'>) => `/rolls/${section}/${date}`;

/** The roll as it stands; undefined where that is what the tag names. */
export async function loadStand(section: number, date: string): Promise<Stand>;
export async function loadStand(section: number, date: string, known: string): Promise<Stand | undefined>;
export async function loadStand(section: number, date: string, known?: string): Promise<Stand | undefined> {
  const { body, etag } = await call<Roll | undefined>('GET', pathOf({ section, date }), { ifNoneMatch: known });
  return body && standOf(body, etag);
}

/** What compresses an answer on its way weakens its tag (RFC 9110, 8.8.3.3); it names the same revision still. */
function standOf({ taken_at, taken_by, editable_from, codes, statuses }: Roll, etag = ''): Stand {
  const marks = statuses.map(({ enrollment_id, status, comment, code, by, api, at }) => {
    return [enrollment_id, { status, comment, code, by, api, at }] as const;
  });
  const taking = taken_at === null ? undefined : { at: taken_at, by: taken_by ?? '' };
  return {
    etag: etag.replace(/^W\//, ''),
    taken: taken_at !== null,
    taking,
    editableFrom: editable_from ?? undefined,
    codes,
    marks: Object.fromEntries(marks),
  };
}

/**
 * Sends what is wanted if the section is still as it was read (If-Match); where it was never read, it is first. Throws
 * what another try may cure: Offline, or Refused for want of a session, of patience or of a server.
 */
export async function sendRoll(update: RollUpdate): Promise<Sent> {
  try {
    return update.base.etag ? await write(update) : await stale(update);
  } catch (error) {
    if (!(error instanceof Refused) || error.status === 401 || isPassing(error)) throw error;
    return error.status === 412 ? stale(update) : { outcome: 'refused', message: error.message };
  }
}

const stale = async ({ section, date }: RollUpdate): Promise<Sent> => ({
  outcome: 'stale',
  theirs: await loadStand(section, date),
});

/** The endpoint does all of it or nothing: what it refuses is left out, and the rest sent again. */
async function write(update: RollUpdate): Promise<Sent> {
  const sent = Object.keys(update.statuses);
  try {
    return { outcome: 'saved', stand: await patch(update) };
  } catch (error) {
    const refused = error instanceof Refused ? refusedIn(error, sent) : [];
    if (refused.length === 0) throw error;
    const others = sent.filter((id) => !refused.some(({ enrollment }) => enrollment === Number(id)));
    const statuses = Object.fromEntries(others.map((id) => [id, update.statuses[id]!]));
    // A roll that is taken says that whoever is on it and has no mark is present.
    const taken = refused.some(({ isOnRoll }) => isOnRoll) ? undefined : update.taken;
    return { outcome: 'partly', stand: await patch({ ...update, statuses, taken }), refused };
  }
}

async function patch({ base, statuses, taken, ...roll }: RollUpdate): Promise<Stand> {
  const said = Object.entries(statuses).map(([id, mark]) => {
    const { status, comment, code } = mark ?? { status: null, comment: undefined, code: undefined };
    return { enrollment_id: Number(id), status, comment, code };
  });
  const options = { body: { taken, statuses: said }, ifMatch: base.etag };
  const { body, etag } = await call<Roll>('PATCH', pathOf(roll), options);
  return standOf(body, etag);
}

const refusedIn = ({ errors }: Refused, sent: readonly string[]): RefusedItem[] =>
  errors.flatMap(({ field, message }) => {
    const [, index, of] = /^statuses\.(\d+)\.(\w+)$/.exec(field) ?? [];
    const enrollment = Number(sent[Number(index)]);
    return enrollment ? [{ enrollment, message, isOnRoll: of !== 'enrollment_id' }] : [];
  });
