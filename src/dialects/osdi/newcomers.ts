import type { Caller } from '../../clients/caller';
import { Problem } from '../../errors';
import type { Book } from '../../ledger/book';
import type { House } from '../house';
import type { Identifiers } from './identifiers';
import { emailsOf, foreignOf, type InlinePerson, type Matching } from './matching';
import { invalidField } from './refuse';
import type { EventKey } from './scope';

export type Newcomers = ReturnType<typeof openNewcomers>;

/** "The attendee's response status. One of" these, an enum and thus closed, where people are made along with it. */
export const helperStatuses = ['declined', 'tentative', 'accepted', 'needs action'];

/** "Aids in the creation of Attendance and People resources": who is not known becomes a student of the section. */
export function openNewcomers({ roster }: House, matching: Matching, identifiers: Identifiers) {
  return {
    async matchOrAdmit(book: Book, caller: Caller, person: InlinePerson, event: EventKey): Promise<number> {
      const mayAdmit = caller.scopes.has('roster:write');
      if (mayAdmit) await roster.hold(book, caller);
      // Who may add people meets those they do not see, too, or would add them a second time.
      const match = await matching.inline(book, mayAdmit ? { ...caller, person: null } : caller, person);
      if (match === undefined && !mayAdmit)
        throw new Problem(
          'SCOPE_MISSING',
          'No person of the district matches; to add them, the client needs the scope roster:write.',
        );
      const id = match ?? (await admit(book, caller, person, event));
      if (mayAdmit) await identifiers.add(book, caller.district, id, foreignOf(person));
      return id;
    },
  };

  async function admit(book: Book, caller: Caller, person: InlinePerson, { section, date }: EventKey): Promise<number> {
    const { given_name, additional_name, family_name } = person;
    if (!given_name && !family_name)
      throw invalidField('person.family_name', 'is missing: the person is not known, and a new one needs a name');
    const student = {
      email: emailsOf(person)[0] ?? '',
      given_name: given_name ?? '',
      middle_name: additional_name ?? '',
      family_name: family_name ?? '',
    };
    return (await roster.admit(book, caller, student, section, date)).person;
  }
}
