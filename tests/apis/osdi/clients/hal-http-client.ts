import { create } from 'hal-http-client';
import { type Attendance, type ConnectClient, inPages, linkedTo } from './client';

interface Representation extends Attendance {
  readonly _links: { readonly self: { readonly href: string }; readonly next?: { readonly href: string } };
}
type Handlers = Record<string, (data: Representation) => unknown>;
interface Answer {
  on(handlers: Handlers): Promise<unknown>;
}

/** It goes by the status; a DELETE carries a body of JSON. */
export const connectHalHttpClient: ConnectClient = (entry, token) => {
  const hal = create({ headers: { 'OSDI-API-Token': token } });
  const expected = (answer: Answer, status: string): Promise<Representation> =>
    new Promise((resolve, reject) => {
      const other = (data: unknown) => reject(new Error(JSON.stringify(data)));
      answer.on({ [status]: resolve, norel: () => reject(new Error('no such relation')), xxx: other }).catch(reject);
    });
  const follow = async (rels: readonly string[]): Promise<Representation> => {
    let at = await expected(hal.get(entry), '200');
    for (const rel of rels) at = await expected(hal.follow(at, rel), '200');
    return at;
  };
  let made: Representation;
  return {
    walk: () => follow(['osdi:events', 'osdi:events', 'osdi:attendances', 'osdi:attendances']),

    async create(body) {
      const person = await follow(['osdi:people', 'osdi:people']);
      const event = await follow(['osdi:events', 'osdi:events']);
      const linked = { ...body, ...linkedTo(person._links.self.href) };
      made = await expected(hal.follow(event, 'osdi:attendances', { method: 'POST', body: linked }), '201');
      return made;
    },

    change: (body) => expected(hal.put(made, { ...made, ...body }), '200'),

    remove: () => expected(hal.del(made, { reason: 'a mistake' }), '200'),

    async pages() {
      const found: Attendance[] = [];
      const collection = await follow(['osdi:events', 'osdi:events', 'osdi:attendances']);
      let page = await expected(hal.get(inPages(collection._links.self.href)), '200');
      for (;;) {
        const items: unknown = await expected(hal.followAll(page, 'osdi:attendances'), '200');
        found.push(...(items as Attendance[]));
        if (!page._links.next) return found;
        page = await expected(hal.follow(page, 'next'), '200');
      }
    },
  };
};
