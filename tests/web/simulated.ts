import { apply, type Edit, type Roll, type Stand } from '../../src/web/roll/marks';
import type { Store } from '../../src/web/roll/roll-store';
import type { RollUpdate, Sent } from '../../src/web/roll/wire';
import { Offline, Refused } from '../../src/web/shared/api';

/** What becomes of a request on its way. */
export type Fate = 'answered' | 'lost' | 'answer lost' | 'held back' | 'twice' | 'busy' | 'signed out';

export type Server = ReturnType<typeof openServer>;

type Place = Pick<RollUpdate, 'section' | 'date'>;

/** A roll that was written: by whom, what was said, and over what. */
interface Write {
  readonly key: string;
  readonly by: 'device' | 'office';
  readonly edit: Edit;
  readonly over: Roll;
  readonly after: Roll;
}

/** The students of each roll: when the status of all has been told, it is taken. */
export const students = [1, 2, 3];

/** A server that keeps rolls as the real one does: a section has one revision, of which If-Match speaks. */
export function openServer() {
  const rolls = new Map<string, Roll>();
  const revisions = new Map<number, number>();
  const writes: Write[] = [];
  const held: (() => void)[] = [];
  const keyOf = ({ section, date }: Place) => `${section}.${date}`;
  const revisionOf = (section: number) => revisions.get(section) ?? 0;

  const stand = (of: Place): Stand => {
    const { taken, marks } = rolls.get(keyOf(of)) ?? { taken: false, marks: {} };
    return { etag: `"${revisionOf(of.section)}.json"`, taken, marks };
  };

  function write(of: Place, { statuses, taken }: Edit, by: Write['by']): void {
    const { etag: _revision, ...over } = stand(of);
    const after = kept(apply(over, { statuses, taken }), taken !== false);
    if (JSON.stringify(after) === JSON.stringify(over)) return; // what already stands changes nothing
    writes.push({ key: keyOf(of), by, edit: { statuses, taken }, over, after });
    rolls.set(keyOf(of), after);
    revisions.set(of.section, revisionOf(of.section) + 1);
  }

  function handle(update: RollUpdate): Sent {
    if (update.base.etag !== stand(update).etag) return { outcome: 'stale', theirs: stand(update) };
    write(update, update, 'device');
    return { outcome: 'saved', stand: stand(update) };
  }

  return {
    stand,
    writes,
    office: (of: Place, statuses: Edit['statuses'], taken?: boolean) => write(of, { statuses, taken }, 'office'),
    /** What was held back on the way comes in now, whatever has come in before it. */
    deliver: () => {
      for (const work of held.splice(0)) work();
    },
    async send(update: RollUpdate, fate: Fate): Promise<Sent> {
      if (fate === 'lost') throw new Offline('lost');
      if (fate === 'busy') throw new Refused(503, 'UNAVAILABLE', 'busy', 7);
      if (fate === 'signed out') throw new Refused(401, 'CREDENTIALS_INVALID', 'signed out', 0);
      if (fate === 'held back') {
        held.push(() => handle(update));
        throw new Offline('held back');
      }
      const answer = handle(update);
      if (fate === 'twice') handle(update);
      if (fate === 'answer lost') throw new Offline('the answer is lost');
      return answer;
    },
  };
}

/** Of a taken roll exceptions alone are kept. */
function kept({ marks, taken }: Roll, completes: boolean): Roll {
  const isTaken = taken || (completes && students.every((id) => marks[id]));
  const pairs = Object.entries(marks).filter(([, { status }]) => !isTaken || status !== 1);
  return { taken: isTaken, marks: Object.fromEntries(pairs) };
}

/** localStorage in memory, that can be full. */
export function openStore(): Store & { isFull: boolean; readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    isFull: false,
    get length() {
      return texts.size;
    },
    key: (index) => [...texts.keys()][index] ?? null,
    getItem: (key) => texts.get(key) ?? null,
    setItem(key, value) {
      if (this.isFull) throw new DOMException('full', 'QuotaExceededError');
      texts.set(key, value);
    },
    removeItem: (key) => void texts.delete(key),
  };
}
