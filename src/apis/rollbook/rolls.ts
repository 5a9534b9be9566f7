import type { Change } from '../../../schemas/rollbook/history';
import { type Roll, RollBody, RollReply, type SentStatus } from '../../../schemas/rollbook/rolls';
import { isSchoolDay } from '../../days';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { hashed } from '../../http/etag';
import { type MarkRequest, type Outcome, Status, UNKNOWN } from '../../ledger/attendance';
import { type Code, openCodes } from '../../ledger/codes';
import { refuseClosed } from '../../ledger/edit-window';
import type { MeetingKey } from '../../ledger/write-sql';
import { preview } from '../../lib/preview';
import { Problem, type Violation } from '../../lib/problem';
import { openChanges } from '../../reports/changes';
import type { Dependencies } from '../dependencies';

type RollCall = Call<{ section: string; date: string }>;

/**
 * `/rolls/{section}/{date}`: what is known of a roll, and by whom. Taking it is an act of its own: `taken: true` says that whoever
 * has no status is present, `taken: false` that it was not taken after all; statuses without it say nothing of the others.
 */
export function rollEndpoints({ database, ledger, roster }: Dependencies): Endpoint[] {
  const changesOf = openChanges(database);
  const schoolCodes = openCodes(database);

  const read = endpoint({
    method: 'GET',
    path: '/:section/:date',
    summary: 'Reads a roll',
    errors: ['SIS_ATTENDANCE_APP'],
    scope: 'attendance:read',
    schemas: { reply: RollReply },
    async handle(call) {
      return reply(call, await openRoll(call, 'sectionOn'));
    },
  });
  const write = endpoint({
    method: 'PATCH',
    path: '/:section/:date',
    summary: 'Takes a roll, or says what is known of its students',
    errors: ['SIS_ATTENDANCE_APP', 'REVISION_STALE', 'MARKS_ONLY', 'DATE_CLOSED', 'DATE_AHEAD', 'ROLL_EMPTY'],
    headers: { ETag: 'What the roll is known by now, for If-Match and If-None-Match.' },
    scope: 'attendance:write',
    schemas: { body: RollBody, reply: RollReply },
    async handle(call) {
      const { caller, body, revisions } = call;
      const { taken, statuses = [] } = body;
      const meeting = await openRoll(call, 'sectionToWrite');
      const { section, date } = meeting;
      // Before what is wrong with the statuses: no other statuses would make it right.
      if (taken !== undefined && caller.marksOnly) throw new Problem('MARKS_ONLY');
      const isCoded = statuses.some(({ code }) => code);
      const codes = isCoded ? await schoolCodes.ofSection(caller.district, section, date) : [];
      await ledger.open(async (transaction) => {
        const [held] = await transaction.hold([section], caller);
        refuseClosed(caller, held, date);
        if (revisions && !revisions.includes(held!.revision)) throw new Problem('REVISION_STALE');
        if (taken === false) await transaction.untake(meeting, caller);
        const roll = taken === undefined ? 'complete' : taken ? 'always' : 'never';
        const requests = statuses.map((sent, index) => requestOf(sent, date, codeIn(codes, sent, index)));
        refuse(await transaction.record(requests, caller, { section, roll }), statuses);
        if (taken) await transaction.take(meeting, caller); // where no status has, or may not
      });
      return reply(call, await openRoll(call, 'sectionOn'));
    },
  });
  return [read, write];

  /** What people are called changes with the roster, which raises no revision. */
  async function reply(call: RollCall, { revision, ...meeting }: MeetingKey & { revision: number }) {
    const body = await rollOf(call, meeting);
    const { section, date } = meeting;
    const reads = [{ section, from: date, to: date, records: body.statuses.length }];
    return { status: 200, revision, content: hashed(JSON.stringify(body)), body, reads } as const;
  }

  /** The meeting of the path, which may not be there yet, as far as the caller may see its section. */
  async function openRoll(
    { caller, params }: RollCall,
    right: 'sectionOn' | 'sectionToWrite',
  ): Promise<MeetingKey & { revision: number }> {
    const { date } = params;
    if (!isSchoolDay(date)) throw new Problem('NOT_FOUND', `There is no day ${String(date).slice(0, 60)}.`);
    const found = await roster[right](caller, params.section, { from: date, to: date });
    if (found.sis_takes_attendance) throw new Problem('SIS_ATTENDANCE_APP');
    return { section: found.id, date, revision: found.revision };
  }

  /** Exceptions, and where the roll is not taken also those of whom somebody said that they were present. */
  async function rollOf({ caller }: RollCall, { section, date }: MeetingKey): Promise<Roll> {
    const filter = { district: caller.district, section, from: date, to: date };
    const [meeting] = await ledger.meetings(filter);
    const taken_at = meeting?.taken_at ?? null;
    const known = (await ledger.entries(filter)).flatMap(({ enrollment_id, status, comment }) =>
      status === null || (taken_at && status === Status.present) ? [] : [{ enrollment_id, status, comment }],
    );
    const changes = known.length > 0 || taken_at ? await changesOf(caller, section, date) : [];
    const codes = (await schoolCodes.ofSection(caller.district, section, date)).map(shownCode);
    const coded = codes.length > 0 ? await schoolCodes.onRoll(caller.district, section, date) : new Map();
    const statuses = known.map(({ enrollment_id, status, comment }) => {
      const change = saying(changes.filter((each) => each.enrollment_id === enrollment_id));
      const { by = '', by_teacher = false, api = '', at = null } = change ?? {};
      return { enrollment_id, status, comment, code: coded.get(enrollment_id) ?? '', by, by_teacher, api, at };
    });
    const taken_by = taken_at && (changes.find(({ roll }) => roll === 'taken')?.by ?? '');
    const editable_from = await ledger.editableFrom(caller, section);
    return { section_id: section, date, taken_at, taken_by, editable_from, codes, statuses };
  }
}

const requestOf = (
  { enrollment_id, status, comment }: SentStatus,
  date: string,
  code: number | null | undefined,
): MarkRequest => ({
  enrollment: enrollment_id,
  date,
  status: status ?? UNKNOWN,
  comment: comment === null ? '' : comment,
  code,
});

/** The id of the code that was sent; undefined where nothing is said of it, null where it is cleared. */
function codeIn(codes: readonly Code[], { code, status }: SentStatus, index: number): number | null | undefined {
  if (!code) return code === undefined ? undefined : null;
  const found = codes.find((each) => each.code === code);
  if (found?.status === status) return found.id;
  const right = codes.filter((each) => each.status === status).map((each) => each.code);
  const message = `must be a code of the school that means the status${right.length > 0 ? `, ${right.join(', ')}` : '; it has none'}, not ${preview(code)}`;
  throw new Problem('BODY_INVALID', `code ${message}.`, { violations: [{ field: `statuses.${index}.code`, message }] });
}

/** All of it or nothing: a roll that is taken says something of whoever is refused. */
function refuse(outcomes: readonly Outcome[], statuses: readonly SentStatus[]): void {
  const violations = outcomes.flatMap((outcome, index): Violation[] => {
    if (outcome.ok) return [];
    const field = `statuses.${index}.${fields[outcome.refusal] ?? 'enrollment_id'}`;
    return [{ field, message: outcome.message, data: { enrollment_id: statuses[index]!.enrollment_id } }];
  });
  if (violations.length > 0) throw new Problem('BODY_INVALID', violations[0]!.message, { violations });
}

const shownCode = ({ code, description, status, office_only, color }: Code) => ({
  code,
  description,
  status,
  office_only: Boolean(office_only),
  color,
});

/** Of which field the ledger says no. */
const fields: Partial<Record<Extract<Outcome, { ok: false }>['refusal'], string>> = {
  status_invalid: 'status',
  comment_invalid: 'comment',
  code_forbidden: 'code',
};

/**
 * The change by which somebody said what stands now: the newest, unless it only put back what had stood before the same
 * person, or program, changed it. Then what somebody else has said is theirs still.
 * @param changes of one student on one day, newest first
 */
function saying(changes: readonly Change[]): Change | undefined {
  const [newest] = changes;
  const isBack = ({ from_status, from_comment }: Change) =>
    from_status === newest!.to_status && from_comment === newest!.to_comment;
  let said = newest;
  for (const [index, change] of changes.entries()) {
    const before = changes[index + 1];
    if (change.by === before?.by && change.api === before.api) continue;
    if (!before || !isBack(change)) return said;
    said = before;
  }
  return said;
}
