import type { Change } from '../../schemas/rollbook/changes';
import { MeetingChange, Status } from '../ledger/attendance';
import type { JournaledRow, OtherRow } from './sql';

const byOf = ({ api, client, person }: JournaledRow | OtherRow) => ({ api, client, person });

const ofMeeting = {
  [MeetingChange.taken]: 'roll.taken',
  [MeetingChange.untaken]: 'roll.untaken',
  [MeetingChange.scheduled]: 'meeting.scheduled',
} as const;

/**
 * A change as it is handed out. None where nothing was known before and nothing is after: by that the journal says of
 * somebody without a status that their comments were erased. Each is written out: of 10,000 of them, to spread what they
 * share took half of the time.
 */
export function journaledChange(row: JournaledRow): Change | undefined {
  const {
    id,
    revision,
    at,
    section,
    date,
    enrollment,
    code,
    from_status: from,
    to_status: to,
    to_comment: comment,
  } = row;
  const by = byOf(row);
  if (enrollment === null)
    return { id, revision, at, by, section, date, kind: ofMeeting[comment as keyof typeof ofMeeting] };
  if (to === null) {
    if (from === null) return undefined;
    const kind = from === Status.present ? 'presence.removed' : 'mark.removed';
    return { id, revision, at, by, section, date, kind, enrollment };
  }
  if (to === Status.present)
    return { id, revision, at, by, section, date, kind: 'presence', enrollment, code, comment };
  return { id, revision, at, by, section, date, kind: 'mark', enrollment, status: to, code, comment };
}

/** The same of what the journal does not have. What its kind has, no row of it lacks. */
export function otherChange(row: OtherRow): Change {
  const { kind, section, enrollment, of_person, merged, admin, begin_date, end_date, date } = row;
  const { id, revision, at } = row;
  const common = { id, revision, at, by: byOf(row) };
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
    case 'details.changed':
      return { ...common, kind, section: section!, date: date!, enrollment: enrollment! };
    default:
      return {
        ...common,
        ...{ kind, section: section!, enrollment: enrollment!, person: of_person! },
        role: admin ? 'teacher' : 'student',
        ...days,
      };
  }
}
