import { partsOf } from '../../days';
import { Problem } from '../../errors';
import type { Call } from '../../http/endpoint';
import type { Condition } from '../../ledger/condition';
import type { House } from '../house';
import { BASE, idOf } from './hal';
import { idIn } from './links';
import { invalidField } from './refuse';

/** A section on a date, which an event shows. */
export interface EventKey {
  readonly section: number;
  readonly date: string;
}

export type Scopes = ReturnType<typeof openScopes>;

/** What attendances belong to, as far as the caller may see it; NOT_FOUND where they may not, or there is none. */
export function openScopes({ ledger, roster }: House) {
  const event = async ({ caller }: Call, id: number): Promise<EventKey> => {
    const { id: section, date } = partsOf(id);
    await roster.section(caller, String(section));
    const [meeting] = await ledger.meetings({ district: caller.district, section, from: date, to: date });
    if (!meeting) throw new Problem('NOT_FOUND', `There is no event ${id}.`);
    return { section, date };
  };

  return {
    event: (call: Call<{ event: string }>): Promise<EventKey> => event(call, idOf(call.params.event)),

    /** The event of ours that a body links to. */
    async linkedEvent(call: Call, href: string | undefined): Promise<EventKey> {
      const id = href && idIn(href, 'events', call.link(''));
      if (!id)
        throw invalidField('_links.osdi:event', 'must link to an event of this service', `${BASE}/events/4220362`);
      return event(call, idOf(id));
    },

    person: async ({ caller, params }: Call<{ person: string }>): Promise<number> =>
      (await roster.one<{ id: number }>('person', caller, params.person)).id,
  };
}

const equals = (column: string, value: string | number): Condition => ({ column, is: 'eq', value });

/** The attendances of an event. */
export const ofEvent = ({ section, date }: EventKey): Condition => ({
  all: [equals('section_id', section), equals('date', date)],
});

/** The attendances of a person. */
export const ofPerson = (person: number): Condition => equals('person_id', person);

/** The one attendance with this id. */
export function ofId(attendance: number): Condition {
  const { id, date } = partsOf(attendance);
  return { all: [equals('enrollment_id', id), equals('date', date)] };
}
