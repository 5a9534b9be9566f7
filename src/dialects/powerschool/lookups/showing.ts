import { Status } from '../../../ledger/attendance';
import { deciding, effectOf, type Part, severity } from '../parts';

/** What the ledger says of a day: a mark, or the absence of one. */
export interface Said {
  readonly status: Status;
  readonly comment: string;
  /** The school's code by which it was written; null where there is none. */
  readonly code_id: number | null;
}

/** No attendance code: the school's first code of the status stands in. */
const NO_CODE = 0;
const codeOf = ({ code_id }: Said): number => code_id ?? NO_CODE;

/**
 * The parts of a day as they are to be shown: each as it was posted. Where another API has changed the mark since, it stands
 * until something is posted for that day again, and "the status that was overruled is shown with the other API's code": that of
 * each part which says worse of the day than the mark, or else, where the mark is worse than any, of those that say the worst.
 * A part that decides and has no comment of its own shows the mark's: a client that posts it back as it was read clears none.
 */
export function shown(parts: readonly Part[], said: Said): readonly Part[] {
  const { part: name, status } = deciding(parts);
  if (status === said.status)
    return parts.map((part) =>
      part.part === name && part.comment === '' && status !== Status.present
        ? { ...part, comment: said.comment }
        : part,
    );
  const worst = Math.min(severity[status], severity[said.status] + 1);
  return parts.map((part) =>
    severity[effectOf(part, parts)] < worst ? part : { ...part, status: said.status, code_id: codeOf(said) },
  );
}

/** The mark of a day of which no part was posted, as the one part of it. */
export const markAsPart = (
  { section_id, date, enrollment_id, ...said }: Said & Pick<Part, 'section_id' | 'date' | 'enrollment_id'>,
  mode: Part['mode'],
  period: string,
): Part => ({
  id: undefined,
  section_id,
  date,
  enrollment_id,
  part: '',
  mode,
  code_id: codeOf(said),
  status: said.status,
  comment: said.comment,
  period,
  program: '',
  calendar_day: '',
  att_interval: null,
  start_time: null,
  end_time: null,
  total_minutes: null,
});
