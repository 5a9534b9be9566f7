import { isDeepStrictEqual } from 'node:util';
import { AttendanceBody, AttendanceReply, NoticeReply } from '../../../schemas/osdi/attendances';
import { ResourceQuery } from '../../../schemas/osdi/parts';
import type { Caller } from '../../clients/client';
import { idOn } from '../../days';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { type MarkRequest, type Refusal, Status, UNKNOWN } from '../../ledger/attendance';
import { refuseClosed } from '../../ledger/edit-window';
import type { Condition } from '../../ledger/entries';
import { commentFault } from '../../ledger/placed';
import type { LedgerTransaction } from '../../ledger/transaction';
import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';
import { seesDistrict } from '../../roster/access';
import type { Dependencies } from '../dependencies';
import {
  type AttendanceRow,
  attendanceId,
  attendanceReply,
  checkConditions,
  type EventKey,
  extension,
  isMark,
  isUntold,
  known,
  ofEvent,
  ofId,
  ofPerson,
  order,
  ownIdentifier,
  type ParentParams,
  parents,
  type Scopes,
} from './attendance';
import { invalidField } from './errors';
import { instantOf, instantRule, printed } from './filter';
import { clearableHref, hrefIn, idIn, idOf, lastSegment, NAMESPACE } from './hal';
import { helperStatuses, type Matching, type Newcomers } from './matching';
import { type OwnFields, openOwnFields } from './tables';

/** What a body says of an attendance; of its links, who has invited, null where that is cleared. */
type SentAttendance = Omit<AttendanceBody, 'person' | '_links' | 'invited_by' | 'osdi:invited_by'> & {
  readonly invited_by: string | null | undefined;
};

/** The statuses that are the ledger's; the others are an RSVP's. */
const vendor: Readonly<Record<string, Status>> = Status;
const isVendor = (status: string | null | undefined): status is keyof typeof Status =>
  typeof status === 'string' && Object.hasOwn(vendor, status);
const attends = (status: Status): boolean => status === Status.present || status === Status.late;

/** What to write in the ledger, if anything: a status, or a comment on the mark that stands. */
function markOf(sent: SentAttendance, row: AttendanceRow): MarkRequest | undefined {
  const comment = checkedComment(sent.comment);
  const kept = comment !== undefined && isMark(row.status) ? row.status : null;
  const status = statusOf(sent, row) ?? kept;
  if (status === null) return undefined;
  // A comment that was announced stays with whoever does not come.
  const unmarkedComment = status !== UNKNOWN && isMark(status) ? (row.rsvp_comment ?? '') : '';
  return { enrollment: row.enrollment_id, date: row.date, status, comment, unmarkedComment };
}

function statusOf({ status, attended }: SentAttendance, row: AttendanceRow): Status | typeof UNKNOWN | undefined {
  if (attended === null && row.taken)
    throw invalidField('attended', 'must be true or false: the roll has been taken', 'true');
  if (isVendor(status)) return agreed(vendor[status]!, status, attended);
  if (attended === null) return UNKNOWN;
  if (typeof attended !== 'boolean') return undefined;
  // What is known in more detail stays: attended is true of late, and false of excused.
  if (row.status && attends(row.status) === attended) return row.status;
  return attended ? Status.present : Status.absent;
}

function agreed(status: Status, name: string, attended: boolean | null | undefined): Status {
  if (typeof attended !== 'boolean' || attends(status) === attended) return status;
  throw invalidField('attended', `must be ${!attended} where the status is ${name}`, String(!attended));
}

/** Null clears a comment: the ledger knows an empty one. */
function checkedComment(comment: SentAttendance['comment']): string | undefined {
  const fault = typeof comment === 'string' ? commentFault(comment) : undefined;
  if (fault) throw invalidField('comment', fault.message.replace(/^The comment /, ''));
  return comment === null ? '' : comment;
}

const statusWritten = ({ status }: MarkRequest): Status | null => (status === UNKNOWN ? null : (status as Status));

/** What stands beside the ledger once the mark is written. */
function ownFieldsOf(sent: SentAttendance, row: AttendanceRow, mark: MarkRequest | undefined): OwnFields {
  const held = isMark(mark ? statusWritten(mark) : row.status);
  return {
    status: sent.status === undefined || isVendor(sent.status) ? row.rsvp : sent.status,
    comment: sent.comment === undefined || held ? (row.rsvp_comment ?? '') : (sent.comment ?? ''),
    ...actionOf(sent, row),
    origin_system: sent.origin_system === undefined ? row.origin_system : sent.origin_system,
    invited_by: sent.invited_by === undefined ? row.invited_by : sent.invited_by,
    identifiers: identifiersOf(sent, row),
  };
}

const entryOf = ({ section_id: section, enrollment_id: enrollment, date }: AttendanceRow) => ({
  section,
  enrollment,
  date,
});

/** What stands beside the ledger. */
const heldOf = (row: AttendanceRow): OwnFields => ({
  status: row.rsvp,
  comment: row.rsvp_comment ?? '',
  ...heldAction(row),
  origin_system: row.origin_system,
  invited_by: row.invited_by,
  identifiers: row.identifiers ?? '[]',
});

/** What stands there of whom OSDI has said nothing. */
const none: OwnFields = {
  ...{ status: null, comment: '', action_date: null, action_at: null },
  ...{ origin_system: null, invited_by: null, identifiers: '[]' },
};

const heldAction = ({ action_date }: AttendanceRow) => ({
  action_date,
  action_at: action_date && (instantOf(action_date) ?? null),
});

/** As sent; but for what a client reads of us and sends back, which would no longer follow the mark. */
function actionOf({ action_date: sent }: SentAttendance, row: AttendanceRow) {
  const isOurs = row.action_date === null && row.acted_at !== null && sent === printed(row.acted_at);
  if (sent === undefined || isOurs) return heldAction(row);
  if (sent === null) return { action_date: null, action_at: null };
  const action_at = instantOf(sent);
  if (action_at) return { action_date: sent, action_at };
  throw invalidField('action_date', `${instantRule(sent)}, not ${preview(sent)}`, '2014-03-18T11:02:15Z');
}

/** "Arrays are replaced whole"; our own identifier is always there and need not be kept. */
function identifiersOf({ identifiers }: SentAttendance, row: AttendanceRow): string {
  if (identifiers === undefined) return row.identifiers ?? '[]';
  const foreign = (identifiers ?? []).filter((identifier) => identifier !== ownIdentifier(row));
  const ours = foreign.find((identifier) => identifier.startsWith(`${NAMESPACE}:`));
  if (ours) throw invalidField('identifiers', `must not have ${ours}, which is not of this attendance`);
  return JSON.stringify(foreign);
}

export type Writer = ReturnType<typeof openWriter>;

/** Changes one attendance: the ledger's part of it and ours, in one transaction. */
export function openWriter({ database, ledger, roster }: Dependencies) {
  const ownFields = openOwnFields(database);

  const find = async (
    transaction: LedgerTransaction,
    actor: Caller,
    condition: Condition,
  ): Promise<AttendanceRow | undefined> =>
    (await transaction.query({ actor, condition, extension, order, limit: 1 }))[0];

  return {
    find,

    /**
     * Everything `work` does on a day to a section that the actor may write in, or none of it; nobody else changes it
     * meanwhile. Throws DATE_CLOSED where a teacher may change it no more.
     */
    async open<T>(
      { section, date }: EventKey,
      actor: Caller,
      work: (transaction: LedgerTransaction) => Promise<T>,
    ): Promise<T> {
      if (!seesDistrict(actor)) await roster.sectionToWrite(actor, String(section), { from: date, to: date });
      return ledger.open(async (transaction) => {
        const [held] = await transaction.hold([section], actor);
        refuseClosed(actor, held, date);
        return work(transaction);
      });
    },

    /** Writes what was sent over what stands. */
    async change(
      transaction: LedgerTransaction,
      row: AttendanceRow,
      sent: SentAttendance,
      actor: Caller,
    ): Promise<void> {
      const mark = markOf(sent, row);
      const fields = ownFieldsOf(sent, row, mark);
      await ownFields.put(transaction, actor, row, fields);
      const [outcome] = mark ? await transaction.record([mark], actor) : [];
      if (outcome && !outcome.ok) throw refused(outcome);
      if (!isDeepStrictEqual(fields, heldOf(row))) await transaction.changeDetails([entryOf(row)], actor);
    },

    /**
     * Removes what was said, and the RSVP: nothing is known then, but on a taken meeting the student is present, like all
     * without a mark.
     */
    async remove(transaction: LedgerTransaction, row: AttendanceRow, actor: Caller): Promise<void> {
      await ownFields.remove(transaction, actor, row);
      const [outcome] = await transaction.record(
        [{ enrollment: row.enrollment_id, date: row.date, status: UNKNOWN }],
        actor,
      );
      if (!outcome!.ok) throw refused(outcome!);
      if (!isDeepStrictEqual(heldOf(row), none)) await transaction.changeDetails([entryOf(row)], actor);
    },
  };
}

/** The ledger says no to what the roster has changed under a mark, e.g. the days of an enrollment. */
function refused({ refusal, message }: { refusal: Refusal; message: string }): Problem {
  return refusal === 'section_forbidden' ? new Problem('SECTION_FORBIDDEN') : invalidField('attendance', message);
}

/** Finds the person whose attendance it is, within the transaction. */
type FindPerson = (transaction: LedgerTransaction) => Promise<number>;
type NewCall = Call<object, object, AttendanceBody>;

/** In the headers of an answer, for who reads the document. */
const ETag = 'What the attendance is known by now, for If-Match and If-None-Match.';

const written = { query: ResourceQuery, body: AttendanceBody, reply: AttendanceReply };

/** POST of an attendance to an event or a person, and `record_attendance_helper`. */
export function postEndpoints(scopes: Scopes, writer: Writer, matching: Matching, newcomers: Newcomers): Endpoint[] {
  const common = {
    method: 'POST',
    scope: 'attendance:write',
    schemas: written,
    successes: [200, 201],
    errors: ['REVISION_STALE', 'RESOURCE_EXISTS', 'DATE_CLOSED'],
    headers: { ETag, Location: 'Where the attendance is.' },
  } as const;

  const toEvent = endpoint({
    ...common,
    path: '/events/:event/attendances',
    summary: 'Says who attends a meeting',
    async handle(call) {
      const event = await scopes.event(call);
      checkEvent(call, event);
      return post(call, event, (transaction) => personIn(transaction, call));
    },
  });
  const toPerson = endpoint({
    ...common,
    path: '/people/:person/attendances',
    summary: 'Says which meeting a person attends',
    async handle(call) {
      const person = await scopes.person(call);
      const event = await scopes.linkedEvent(call, hrefIn(call.body, 'event'));
      return post(call, event, async (transaction) => {
        await matching.checkSame(transaction, call.caller, call.body, person, call.link(''));
        return person;
      });
    },
  });
  const helper = endpoint({
    ...common,
    path: '/events/:event/record_attendance_helper',
    summary: 'Says who attends a meeting, and enrolls who is not yet',
    async handle(call) {
      const { person, status, attended } = call.body;
      if (!person) throw invalidField('person', 'is missing: the person whose attendance it is');
      if (status && !helperStatuses.includes(status))
        throw invalidField('status', `must be one of ${helperStatuses.join(', ')} here, not "${status}"`, 'accepted');
      const event = await scopes.event(call);
      checkEvent(call, event);
      const saysWhetherAttended = typeof attended === 'boolean';
      return post(call, event, async (transaction) => {
        const { caller, body } = call;
        const id = await newcomers.matchOrAdmit(transaction, caller, person, event, saysWhetherAttended);
        await matching.checkSame(transaction, caller, { _links: body._links }, id, call.link(''));
        return id;
      });
    },
  });
  return [toEvent, toPerson, helper];

  /** The one attendance of a person at an event: 201 where nobody has said anything of it before. */
  function post(call: NewCall, event: EventKey, findPerson: FindPerson) {
    const invited_by = clearableHref(call.body, 'invited_by');
    return writer.open(event, call.caller, async (transaction) => {
      const row = await enrolled(transaction, call, event, await findPerson(transaction));
      checkConditions(row, call);
      await writer.change(transaction, row, { ...call.body, invited_by }, call.caller);
      const made = await writer.find(transaction, call.caller, ofId(attendanceId(row)));
      const reply = attendanceReply(made!, call);
      const headers = { Location: reply.body._links.self.href };
      return { ...reply, status: isUntold(row) ? 201 : 200, headers };
    });
  }

  async function enrolled(
    transaction: LedgerTransaction,
    { caller }: Call,
    event: EventKey,
    person: number,
  ): Promise<AttendanceRow> {
    const row = await writer.find(transaction, caller, { all: [ofEvent(event), ofPerson(person)] });
    if (row) return row;
    const { section, date } = event;
    throw invalidField('person', `must be a student of section ${section} on ${date}`);
  }

  /** "A linked or an inline person": Action Network's clients send the latter. */
  async function personIn(transaction: LedgerTransaction, call: NewCall): Promise<number> {
    const { body, caller } = call;
    const href = hrefIn(body, 'person');
    if (href !== undefined) {
      const id = await matching.linked(transaction, caller, href, call.link(''));
      await matching.checkSame(transaction, caller, { person: body.person ?? null }, id, call.link(''));
      return id;
    }
    if (!body.person) throw invalidField('_links.osdi:person', 'is missing: the person whose attendance it is');
    const person = await matching.inline(transaction, caller, body.person);
    if (person === undefined)
      throw invalidField('person', 'must be known in this district, by an identifier or an email');
    return person;
  }
}

/** Throws where a body links to another event than that of the attendance. */
function checkEvent(call: Call<object, object, AttendanceBody>, { section, date }: EventKey): void {
  const href = hrefIn(call.body, 'event');
  const id = String(idOn(section, date));
  if (href === undefined || (idIn(href, 'events', call.link('')) ?? lastSegment(href)) === id) return;
  throw invalidField(
    '_links.osdi:event',
    `must be the event of the attendance, rollbook:${id}; it cannot be another's`,
  );
}

type EditCall<Body> = Call<ParentParams & { readonly attendance: string }, object, Body>;

/** PUT, PATCH and DELETE of one attendance, under its event or its person. */
export function editEndpoints(
  { ledger }: Dependencies,
  scopes: Scopes,
  writer: Writer,
  matching: Matching,
): Endpoint[] {
  return parents.flatMap(({ path, of }) => {
    const common = {
      path: `${path}/attendances/:attendance`,
      scope: 'attendance:write',
      errors: ['REVISION_STALE', 'RESOURCE_EXISTS', 'DATE_CLOSED'],
    } as const;
    const changes = {
      ...common,
      summary: `Changes an attendance of ${of}`,
      headers: { ETag },
      schemas: written,
      handle: put,
    };
    const deletes = { ...common, summary: `Takes back what was said of an attendance of ${of}` };
    return [
      // "PATCH is PUT": both take the fields that they have, and leave the others.
      endpoint({ ...changes, method: 'PUT' }),
      endpoint({ ...changes, method: 'PATCH' }),
      endpoint({ ...deletes, method: 'DELETE', schemas: { query: ResourceQuery, reply: NoticeReply }, handle: remove }),
    ];
  });

  /** The attendance is found, and read again once nobody else can change it. */
  async function edit<Answer>(
    call: EditCall<unknown>,
    work: (transaction: LedgerTransaction, row: AttendanceRow) => Promise<Answer>,
  ): Promise<Answer> {
    const actor = call.caller;
    const condition = { all: [await scopes.attendances(call), ofId(idOf(call.params.attendance))] };
    const [seen] = await ledger.query({ actor, condition, order, limit: 1 });
    const { section_id: section, date } = known(seen, call);
    return writer.open({ section, date }, actor, async (transaction) => {
      const row = known(await writer.find(transaction, actor, condition), call);
      checkConditions(row, call);
      return work(transaction, row);
    });
  }

  function put(call: EditCall<AttendanceBody>) {
    return edit(call, async (transaction, row) => {
      const invited_by = clearableHref(call.body, 'invited_by');
      // A full representation says whose it is: it stays theirs. What else it has beyond the fields is read-only.
      checkEvent(call, { section: row.section_id, date: row.date });
      await matching.checkSame(transaction, call.caller, call.body, row.person_id, call.link(''));
      await writer.change(transaction, row, { ...call.body, invited_by }, call.caller);
      const changed = await writer.find(transaction, call.caller, ofId(idOf(call.params.attendance)));
      return attendanceReply(changed!, call);
    });
  }

  function remove(call: EditCall<unknown>) {
    return edit(call, async (transaction, row) => {
      await writer.remove(transaction, row, call.caller);
      return { status: 200, body: { notice: 'This attendance was successfully deleted.' } };
    });
  }
}
