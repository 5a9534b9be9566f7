import type { Change } from '../../../schemas/rollbook/history';
import { rich } from '../messages/rich';
import { get } from '../shared/api';
import { clock } from '../shared/days';
import { useLoaded } from '../shared/loaded';
import { session } from '../shared/session';
import { PRESENT } from '../shared/status';
import { wordsOf } from './authors';
import type { Mark } from './marks';
import type { RollOf } from './roll';

/** What a teacher submitted of a student, and when. */
export interface Submitted extends Mark {
  readonly by: string;
  readonly at: string;
}

/** By the student's enrollment; undefined where no teacher took the roll. */
export type Submissions = (enrollment: number) => Submitted | undefined;

const none: Submissions = () => undefined;

/** What teachers submitted of a roll, for the office, which may have made something else of it. */
export function useSubmitted({ section, date, loadedAt }: Pick<RollOf, 'section' | 'date' | 'loadedAt'>): Submissions {
  const isOffice = session.value!.person === null;
  const { value } = useLoaded(`submitted ${section} ${date} ${loadedAt}`, async () =>
    isOffice ? submissionsOf(await load(section, date)) : none,
  );
  return value ?? none;
}

async function load(section: number, date: string): Promise<readonly Change[]> {
  const { changes } = await get<{ changes: readonly Change[] }>(`/reports/sections/${section}/changes?date=${date}`);
  return changes;
}

/**
 * Of a student: the last change that a teacher made; where none did, what stood when a teacher took the roll, which they
 * let stand. Changes come newest first.
 */
export function submissionsOf(changes: readonly Change[]): Submissions {
  const said = changes.find(({ roll }) => roll === 'taken' || roll === 'not taken');
  const taking = said?.roll === 'taken' && said.by_teacher ? said : undefined;
  return (enrollment) => {
    const own = changes.filter(({ enrollment_id }) => enrollment_id === enrollment);
    const change = own.find(({ by_teacher }) => by_teacher);
    const last = change ?? taking;
    const stood = change ?? (taking && own.find(({ id }) => id < taking.id));
    const status = stood?.to_status ?? (taking ? PRESENT : null);
    return last && status ? { by: last.by, at: last.at, status, comment: stood?.to_comment ?? '' } : undefined;
  };
}

/** Stays beside a mark that is not as the teacher submitted it. */
export function SubmittedNote({ submitted, date }: { submitted: Submitted; date: string }) {
  const { by, at } = submitted;
  return (
    <p class="author submitted">
      {rich('said.submitted', {
        by,
        mark: <strong>{wordsOf(submitted)}</strong>,
        time: <time dateTime={at}>{clock(at, session.value!.district.time_zone, date)}</time>,
      })}
    </p>
  );
}
