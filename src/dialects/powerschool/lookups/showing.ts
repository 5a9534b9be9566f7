import { Status } from '../../../ledger/attendance';
import { deciding, familyOf, type Part } from '../parts';

/** What the ledger says of a day: a mark, or the absence of one. */
export interface Said {
  readonly status: Status;
  readonly comment: string;
}

/** No attendance code: the school's first code of the status stands in. */
const NO_CODE = 0;

/**
 * The parts of a day as they are to be shown. Where the ledger still says what the parts of a mode come to, they are
 * shown as they were posted, the one that decides with the mark's comment. Where another API has changed the mark since, each
 * of them shows what it wrote, until one of them is posted again.
 */
export const shown = (parts: readonly Part[], said: Said): Part[] =>
  parts.map((part) => {
    const ruling = deciding(familyOf(part, parts));
    if (ruling.status !== said.status) return { ...part, ...said, code_id: NO_CODE };
    return part.part === ruling.part && said.status !== Status.present ? { ...part, comment: said.comment } : part;
  });

/** The mark of a day of which no part was posted, as the one part of it. */
export const markAsPart = (
  { section_id, date, enrollment_id, status, comment }: Said & Pick<Part, 'section_id' | 'date' | 'enrollment_id'>,
  mode: Part['mode'],
  period: string,
): Part => ({
  id: undefined,
  section_id,
  date,
  enrollment_id,
  part: '',
  mode,
  code_id: NO_CODE,
  status,
  comment,
  period,
  program: '',
  calendar_day: '',
  att_interval: null,
  start_time: null,
  end_time: null,
  total_minutes: null,
});
