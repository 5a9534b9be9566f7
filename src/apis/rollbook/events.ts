import type { Signer } from '../../clients/signer';
import type { Database } from '../../database/database';
import { cursorsBy } from '../../feed/cursors';
import { openFeed } from '../../feed/feed';
import type { Format } from '../../webhooks/messages';

/**
 * Messages as Standard Webhooks recommends them: a type, when it happened, and data, which are changes as `GET /changes` has
 * them, all of one section, and the cursor from which they can be sent again.
 */
export function rollbookEvents(database: Database, signer: Signer): Format {
  const feed = openFeed(database);
  const cursors = cursorsBy(signer);
  return {
    api: 'rollbook',
    isDelivered: (status) => status >= 200 && status < 300,
    async wordsFor({ district_id: district, epoch, section_id: section, school_id: school }) {
      const times = (await feed.expired(district))?.times ?? 0;
      return {
        wants: () => true,
        bodyOf: (changes, place) =>
          JSON.stringify({
            type: 'attendance.changed',
            timestamp: changes.at(-1)!.at,
            data: {
              section: changes[0]!.section,
              changes,
              after: cursors.write({ district, epoch }, { place, times, section, school }),
            },
          }),
      };
    },
  };
}
