import type { Change } from '../../schemas/rollbook/changes';
import { MeetingChange, Status } from '../ledger/attendance';
import type { JournaledRow, OtherRow } from './sql';

const commonOf = ({ id, revision, at, api, client, person }: JournaledRow | OtherRow) => ({
  ...{ id, revision, at },
  by: { api, client, person },
});

const ofMeeting = {
  [MeetingChange.taken]: 'roll.taken',
  [MeetingChange.untaken]: 'roll.untaken',
  [MeetingChange.scheduled]: 'meeting.scheduled',
} as const;

/**
 * A change as it is handed out. None where nothing was known before and nothing is after: by that the journal says of
 * somebody without a status that their comments were erased.
 */
export function journaledChange(row: JournaledRow): Change | undefined {
  const { section, date, enrollment, from_status: from, to_status: to, to_comment: comment, code } = row;
  const common = { ...commonOf(row), section, date };
  if (enrollment === null) return { ...common, kind: ofMeeting[comment as keyof typeof ofMeeting] };
  if (to === null && from === null) return undefined;
  if (to === null)
    return { ...common, kind: from === Status.present ? 'presence.removed' : 'mark.removed', enrollment };
  if (to === Status.present) return { ...common, kind: 'presence', enrollment, code, comment };
  return { ...common, kind: 'mark', enrollment, status: to, code, comment };
}

/** The same of what the journal does not have. What its kind has, no row of it lacks. */
export function otherChange(row: OtherRow): Change {
  const { kind, section, enrollment, of_person, merged, admin, begin_date, end_date, date } = row;
  const common = commonOf(row);
  const days = { begin_date: begin_date!, end_date: end_date! };
  switch (kind) {
    case 'person.erased':
      return { ...common, kind, section: null, revision: null, person: of_person! };
    case 'person.merged':
      return { ...common, kind, section: null, revision: null, person: of_person!, merged: merged! };
    case 'section.changed':
      return { ...common, kind, section: section! };
    case 'attendance.erased':
      return { ...common, kind, section: section!, ...days };
    case 'presence':
      return { ...common, kind, section: section!, date: date!, enrollment: enrollment!, code: '', comment: '' };
    default:
      return {
        ...common,
        ...{ kind, section: section!, enrollment: enrollment!, person: of_person! },
        role: admin ? 'teacher' : 'student',
        ...days,
      };
  }
}
