import type { Change } from '../../schemas/rollbook/changes';
import type { Asked, Feed } from '../../src/feed/feed';
import { type Position, START } from '../../src/feed/position';
import type { Actor } from '../../src/ledger/actor';

/** Whoever follows a district: reads on from where they are, and keeps what the last change of each thing says. */
export interface Follower {
  /** All that was read, in the order in which it was. */
  readonly changes: readonly Change[];
  /** What is said of a student on a day, by enrollment and date. */
  readonly said: ReadonlyMap<string, { readonly status: number; readonly comment: string }>;
  /** The rolls that are taken, by section and date. */
  readonly taken: ReadonlySet<string>;
  readonly enrollments: ReadonlyMap<number, string>;
  /** Reads one page; whether there is more. */
  readOn(limit?: number): Promise<boolean>;
  /** Reads to the end. */
  catchUp(limit?: number): Promise<void>;
}

export function followerOf(
  feed: Feed,
  actor: Actor,
  { after = START, section = null, school = null }: Partial<Asked> = {},
): Follower {
  const changes: Change[] = [];
  const said = new Map<string, { status: number; comment: string }>();
  const taken = new Set<string>();
  const enrollments = new Map<number, string>();
  let place: Position = after;

  const apply = (change: Change) => {
    switch (change.kind) {
      case 'roll.taken':
        return taken.add(`${change.section} ${change.date}`);
      case 'roll.untaken':
        return taken.delete(`${change.section} ${change.date}`);
      case 'mark':
        return said.set(`${change.enrollment} ${change.date}`, { status: change.status, comment: change.comment });
      case 'presence':
        return said.set(`${change.enrollment} ${change.date}`, { status: 1, comment: '' });
      case 'mark.removed':
      case 'presence.removed':
        return said.delete(`${change.enrollment} ${change.date}`);
      case 'enrollment.created':
      case 'enrollment.changed':
      case 'enrollment.ended':
      case 'enrollment.removed':
        return enrollments.set(
          change.enrollment,
          `${change.section} ${change.person} ${change.role} ${change.begin_date} ${change.end_date}`,
        );
      default:
        return undefined;
    }
  };

  const readOn = async (limit = 100) => {
    const page = await feed.read(actor, { after: place, section, school, limit });
    for (const change of page.changes) apply(change);
    changes.push(...page.changes);
    place = page.next;
    return page.more;
  };
  return {
    ...{ changes, said, taken, enrollments, readOn },
    async catchUp(limit) {
      while (await readOn(limit));
    },
  };
}

/**
 * What is wrong with the order of changes: of each section every revision is followed by itself or the next one.
 * @param fromStart whether the first of each section is to be its first revision
 */
export function gapsIn(changes: readonly Change[], fromStart = true): string[] {
  const last = new Map<number, number>();
  return changes.flatMap(({ section, revision, kind }) => {
    if (section === null || revision === null) return [];
    const before = last.get(section) ?? (fromStart ? 0 : revision);
    last.set(section, revision);
    return revision === before || revision === before + 1
      ? []
      : [`${kind} of section ${section}: ${before}, ${revision}`];
  });
}
