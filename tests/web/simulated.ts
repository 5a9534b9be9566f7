import type { Store } from '../../src/web/roll/drawer';
import { isUntouched, type Marks, type Stand } from '../../src/web/roll/marks';
import type { Sent, Wish } from '../../src/web/roll/wire';
import { Offline, Refused } from '../../src/web/shared/api';

/** What becomes of a request on its way. */
export type Fate = 'answered' | 'lost' | 'answer lost' | 'held back' | 'twice' | 'busy' | 'signed out';

export type Server = ReturnType<typeof openServer>;

/** A server that keeps rolls as the real one does: a section has one revision, of which If-Match speaks. */
export function openServer() {
  const rolls = new Map<string, { taken: boolean; marks: Marks }>();
  const revisions = new Map<number, number>();
  /** Each roll that was written, by whom and over which, in order. */
  const writes: { key: string; by: 'device' | 'office'; marks: Marks; over: Marks }[] = [];
  const held: (() => void)[] = [];
  const keyOf = ({ section, date }: Pick<Wish, 'section' | 'date'>) => `${section}.${date}`;
  const revisionOf = (section: number) => revisions.get(section) ?? 0;

  const stand = (of: Pick<Wish, 'section' | 'date'>): Stand => {
    const { taken, marks } = rolls.get(keyOf(of)) ?? { taken: false, marks: {} };
    return { etag: `"${revisionOf(of.section)}.json"`, taken, marks };
  };

  function write(of: Pick<Wish, 'section' | 'date'>, marks: Marks, by: 'device' | 'office'): void {
    const before = stand(of);
    const isSame = before.taken && isUntouched(before, { ...before, marks });
    if (isSame) return; // what already stands changes nothing
    writes.push({ key: keyOf(of), by, marks, over: before.marks });
    rolls.set(keyOf(of), { taken: true, marks });
    revisions.set(of.section, revisionOf(of.section) + 1);
  }

  function handle(wish: Wish): Sent {
    if (wish.base.etag !== stand(wish).etag) return { outcome: 'stale', theirs: stand(wish) };
    write(wish, wish.marks, 'device');
    return { outcome: 'saved', stand: stand(wish) };
  }

  return {
    stand,
    writes,
    office: (of: Pick<Wish, 'section' | 'date'>, marks: Marks) => write(of, marks, 'office'),
    /** What was held back on the way comes in now, whatever has come in before it. */
    deliver: () => {
      for (const work of held.splice(0)) work();
    },
    async send(wish: Wish, fate: Fate): Promise<Sent> {
      if (fate === 'lost') throw new Offline('lost');
      if (fate === 'busy') throw new Refused(503, 'UNAVAILABLE', 'busy', 7);
      if (fate === 'signed out') throw new Refused(401, 'CREDENTIALS_INVALID', 'signed out', 0);
      if (fate === 'held back') {
        held.push(() => handle(wish));
        throw new Offline('held back');
      }
      const answer = handle(wish);
      if (fate === 'twice') handle(wish);
      if (fate === 'answer lost') throw new Offline('the answer is lost');
      return answer;
    },
  };
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
