import type { RollCode } from '../../../schemas/rollbook/rolls';
import { t } from '../messages/messages';
import { codeSays } from '../shared/codes';
import { session } from '../shared/session';
import { PRESENT } from '../shared/status';
import type { Mark } from './marks';
import type { OpenRoll } from './roll';

/** A school with no more codes than there are statuses says nothing by them that the four buttons do not say. */
const STATUSES = 4;

/** Whether codes are chosen on it at all: then each row has room for one, so that none moves under the finger. */
export const hasCodes = ({ codes }: OpenRoll): boolean => codes.length > STATUSES;

/** The codes by which a student's status can be said more exactly; none where there is nothing to choose. */
export function codesFor(roll: OpenRoll, student: number): readonly RollCode[] {
  const mark = roll.markOf(student);
  if (!mark || mark.status === PRESENT || !hasCodes(roll)) return [];
  const isTeacher = session.value!.person !== null;
  const found = roll.codes.filter(
    ({ status, code, office_only }) => status === mark.status && (!(office_only && isTeacher) || code === mark.code),
  );
  return found.length > 1 || mark.code ? found : [];
}

interface Options {
  readonly name: string;
  readonly mark: Mark;
  readonly codes: readonly RollCode[];
  onCode(code: string): void;
}

/** Chooses a code of the school for a mark. Its colour stands beside its text, and never alone. */
export function CodePicker({ name, mark: { code = '' }, codes, onCode }: Options) {
  const chosen = codes.find((each) => each.code === code);
  return (
    <span class="code">
      {chosen?.color && <span class="swatch" style={{ background: chosen.color }} />}
      <select
        aria-label={t('code.for', { name })}
        value={code}
        onChange={({ currentTarget }) => onCode(currentTarget.value)}
      >
        <option value="" selected={code === ''}>
          {t('code.none')}
        </option>
        {codes.map((each) => (
          <option key={each.code} value={each.code} selected={each.code === code}>
            {each.code} {codeSays(each.description)}
            {each.office_only && ` (${t('code.office-only')})`}
          </option>
        ))}
      </select>
    </span>
  );
}
