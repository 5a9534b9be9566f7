import type { Executor } from '../database/database';
import { idOn } from '../days';
import type { Actor } from './actor';
import type { Placed } from './placed';
import { refuse } from './placed';
import type { EntryValue, PlacedMark } from './resolve';
import type { WriteSql } from './write-sql';
import { keyRows } from './write-sql';

/**
 * What of a write has no code that is the office's alone; the rest is refused, and takes no roll. A teacher may leave such a code
 * where it stands, and put it back where it stood.
 * @param stored what is known of the entries before the write
 */
export async function withinRights(
  tx: Executor,
  sql: WriteSql,
  all: Placed,
  { district, person }: Actor,
  stored: ReadonlyMap<number, EntryValue>,
): Promise<Placed> {
  const coded = person === null ? [] : all.marks.filter(({ code }) => code != null);
  if (coded.length === 0) return all;
  const ids = JSON.stringify([...new Set(coded.map(({ code }) => code))].map((id) => [id]));
  const ofOffice = new Map((await tx.all(sql.officeCodes, { ids, district })).map(({ id, code }) => [id, code]));
  const isNew = ({ code, entry }: PlacedMark) => ofOffice.has(code!) && stored.get(entry)?.code !== code;
  const asked = new Set(coded.filter(isNew));
  if (asked.size === 0) return all;
  const said = new Set(
    (await tx.all(sql.journaledCodes, { keys: keyRows(asked), district })).map(
      ({ enrollment_id, date, code }) => `${idOn(enrollment_id, date)} ${code}`,
    ),
  );
  const withRefusals = new Set(all.withRefusals);
  const answers = all.answers.map((answer) => {
    if ('ok' in answer || !asked.has(answer) || said.has(`${answer.entry} ${answer.code}`)) return answer;
    withRefusals.add(answer.meeting);
    const message = `The code ${ofOffice.get(answer.code!)} is the office's; teachers of this school do not use it.`;
    return { ...refuse('code_forbidden', message), meeting: answer.meeting };
  });
  return { answers, withRefusals, marks: answers.filter((answer): answer is PlacedMark => !('ok' in answer)) };
}
