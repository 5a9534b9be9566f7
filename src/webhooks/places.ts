import type { Database } from '../database/database';
import { type CursorOf, type Cursors, checkExpired, type Filter } from '../feed/cursors';
import { openFeed } from '../feed/feed';
import { type Position, START } from '../feed/position';
import { preview } from '../lib/preview';
import { Problem } from '../lib/problem';

/** Which place in the feed is meant: that of now, the start, or a cursor that was handed out for the same section and school. */
export function openPlaces(database: Database, cursors: Cursors) {
  const feed = openFeed(database);

  /** Throws BODY_INVALID where it is none of these, CURSOR_EXPIRED where changes after it were taken away. */
  return async (of: CursorOf, after: string, { section, school }: Filter): Promise<Position> => {
    if (after === 'now') return feed.now(of.district);
    if (after === 'start') return START;
    const cursor = cursors.read(of, after);
    if (!cursor) throw invalid('now, start, or a cursor that was handed out to this district', after);
    if (cursor.section !== section || cursor.school !== school)
      throw invalid('a cursor of the section and the school that the webhook is of', after);
    checkExpired(cursor, await feed.expired(of.district));
    return cursor.place;
  };
}

function invalid(right: string, sent: string): Problem {
  const message = `must be ${right}, not ${preview(sent)}`;
  return new Problem('BODY_INVALID', `after ${message}`, { violations: [{ field: 'after', message }] });
}
