import type { Call, Endpoint, Reply } from '../../http/endpoint';
import type { Book } from '../../ledger/book';
import { type AttendanceRow, attendanceId } from './attendance';
import type { SentAttendance } from './change';
import { hrefIn, type SentLinks } from './links';
import type { InlinePerson, Matching } from './matching';
import { helperStatuses, type Newcomers } from './newcomers';
import { invalidField } from './refuse';
import { attendanceReply, checkConditions, isUntold } from './revision';
import { type EventKey, ofEvent, ofId, ofPerson, type Scopes } from './scope';
import type { Writer } from './writer';

type NewAttendance = Omit<SentAttendance, 'invited_by'> & SentLinks & { readonly person?: InlinePerson | null };
type EventCall = Call<{ event: string }, object, NewAttendance>;
type PersonCall = Call<{ person: string }, object, NewAttendance>;
/** Finds the person whose attendance it is, within the transaction. */
type FindPerson = (book: Book) => Promise<number>;

/** POST of an attendance to an event or a person, and `record_attendance_helper`. */
export function postEndpoints(scopes: Scopes, writer: Writer, matching: Matching, newcomers: Newcomers): Endpoint[] {
  const endpoint = { method: 'POST', scope: 'attendance:write' } as const;
  const schemas = { body: 'osdi/attendance.body', reply: 'osdi/attendance.reply' };

  const toEvent: Endpoint<EventCall> = {
    ...endpoint,
    path: '/events/:event/attendances',
    schemas,
    handle: async (call) => post(call, await scopes.event(call), (book) => personIn(book, call)),
  };
  const toPerson: Endpoint<PersonCall> = {
    ...endpoint,
    path: '/people/:person/attendances',
    schemas,
    async handle(call) {
      const person = await scopes.person(call);
      const event = await scopes.linkedEvent(call, hrefIn(call.body, 'event'));
      return post(call, event, async () => person);
    },
  };
  const helper: Endpoint<EventCall> = {
    ...endpoint,
    path: '/events/:event/record_attendance_helper',
    schemas,
    async handle(call) {
      const { person, status } = call.body;
      if (!person) throw invalidField('person', 'is missing: the person whose attendance it is');
      if (status && !helperStatuses.includes(status))
        throw invalidField('status', `must be one of ${helperStatuses.join(', ')} here, not "${status}"`, 'accepted');
      const event = await scopes.event(call);
      return post(call, event, (book) => newcomers.matchOrAdmit(book, call.caller, person, event));
    },
  };
  return [toEvent, toPerson, helper];

  /** The one attendance of a person at an event: 201 where nobody has said anything of it before. */
  function post(call: Call<object, object, NewAttendance>, event: EventKey, findPerson: FindPerson): Promise<Reply> {
    const invited_by = hrefIn(call.body, 'invited_by');
    return writer.open(event.section, call.caller, async (book) => {
      const row = await enrolled(book, call, event, await findPerson(book));
      checkConditions(row, call);
      await writer.change(book, row, { ...call.body, invited_by }, call.caller);
      const made = await writer.find(book, call.caller, ofId(attendanceId(row)));
      const reply = attendanceReply(made!, call);
      const headers = { Location: reply.body._links.self.href };
      return { ...reply, status: isUntold(row) ? 201 : 200, headers };
    });
  }

  async function enrolled(book: Book, { caller }: Call, event: EventKey, person: number): Promise<AttendanceRow> {
    const row = await writer.find(book, caller, { all: [ofEvent(event), ofPerson(person)] });
    if (row) return row;
    const { section, date } = event;
    throw invalidField('person', `must be a student of section ${section} on ${date}`);
  }

  /** "A linked or an inline person": Action Network's clients send the latter. */
  async function personIn(book: Book, call: EventCall): Promise<number> {
    const { body, caller } = call;
    const href = hrefIn(body, 'person');
    if (href !== undefined) return matching.linked(book, caller, href, call.link(''));
    if (!body.person) throw invalidField('_links.osdi:person', 'is missing: the person whose attendance it is');
    const person = await matching.inline(book, caller, body.person);
    if (person === undefined)
      throw invalidField('person', 'must be known in this district, by an identifier or an email');
    return person;
  }
}
