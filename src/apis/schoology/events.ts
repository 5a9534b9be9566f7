import type { Change } from '../../../schemas/rollbook/changes';
import type { Database } from '../../database/database';
import { Status } from '../../ledger/attendance';
import type { Format } from '../../webhooks/messages';
import { openSubscriptions } from './subscriptions';

/** Event triggers: `attendance.update`, once for each act of one person on a section. */
export function schoologyEvents(database: Database): Format {
  const subscriptions = openSubscriptions(database);
  return {
    api: 'schoology',
    // "A response with HTTP code 200 is expected": every other is tried again.
    isDelivered: (status) => status === 200,
    async wordsFor({ id, district_id: district }) {
      const [{ subscribed, include_object } = unsubscribed] = await subscriptions.of({ district }, [{ id }]);
      return {
        wants: (change) => subscribed === 1 && objectOf(change) !== undefined,
        fits: (one, other) => uidOf(one) === uidOf(other) && one.at === other.at,
        hasRecords: include_object === 1,
        bodyOf: (changes) =>
          JSON.stringify({
            uid: uidOf(changes[0]!),
            timestamp: Math.floor(Date.parse(changes[0]!.at) / 1_000),
            type: 'attendance.update',
            data: include_object ? changes.map(withObject) : changes.slice(0, 1).map(withoutObject),
          }),
      };
    },
  };
}

const unsubscribed = { subscribed: 0, include_object: 0 } as const;

/** Whose act it was; 0 where it was a program's. */
const uidOf = ({ by }: Change): number => by.person ?? 0;

const withoutObject = ({ section }: Change) => ({ realm: 'section', section_id: section });

const withObject = (change: Change) => ({ ...withoutObject(change), object: objectOf(change) });

/** The attendance as it is by the change; undefined where the change is of none, or says no status that Schoology knows. */
function objectOf(change: Change) {
  if (change.kind !== 'mark' && change.kind !== 'presence') return undefined;
  const { enrollment: enrollment_id, date, comment } = change;
  return { enrollment_id, date, status: change.kind === 'mark' ? change.status : Status.present, comment };
}
