import type { SchoolCode } from '../../../../schemas/rollbook/absentees';
import { codeSays } from '../../shared/codes';
import { wordOf } from '../../shared/status';

/** Picks what is to be said: excused or absent, or a code of the school that means one of these. */
export const KindPicker = ({ label, codes }: { label: string; codes: readonly SchoolCode[] }) => (
  <label>
    {label}
    <select name="kind">
      <option value="4">{wordOf(4)}</option>
      <option value="2">{wordOf(2)}</option>
      {codes
        .filter(({ status }) => status === 2 || status === 4)
        .map(({ code, description }) => (
          <option key={code} value={`code ${code}`}>
            {code} {codeSays(description)}
          </option>
        ))}
    </select>
  </label>
);
