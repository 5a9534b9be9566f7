import type { SchoolCode } from '../../../../schemas/rollbook/absentees';

/** Picks what is to be said: excused or absent, or a code of the school that means one of these. */
export const KindPicker = ({ label, codes }: { label: string; codes: readonly SchoolCode[] }) => (
  <label>
    {label}
    <select name="kind">
      <option value="4">excused</option>
      <option value="2">absent</option>
      {codes
        .filter(({ status }) => status === 2 || status === 4)
        .map(({ code, description }) => (
          <option key={code} value={`code ${code}`}>
            {code} {description}
          </option>
        ))}
    </select>
  </label>
);
