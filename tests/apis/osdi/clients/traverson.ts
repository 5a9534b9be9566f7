import traverson from 'traverson';
import halAdapter from 'traverson-hal';
import { type Attendance, type ConnectClient, inPages, linkedTo } from './client';

traverson.registerMediaType(halAdapter.mediaType, halAdapter);

type Callback = (error: Error | null, result: never) => void;
const promised = <T>(work: (callback: Callback) => void): Promise<T> =>
  new Promise((resolve, reject) => work((error, result) => (error ? reject(error) : resolve(result as T))));

interface Response {
  readonly statusCode: number;
  readonly body: string;
}

/** It sends `application/hal+json` both ways. */
export const connectTraverson: ConnectClient = (entry, token) => {
  const at = (url: string) =>
    traverson
      .from(url)
      .jsonHal()
      .withRequestOptions({ headers: { 'OSDI-API-Token': token } });
  const first = ['osdi:events', 'osdi:events[0]', 'osdi:attendances'];
  let made = '';
  const parsed = ({ statusCode, body }: Response): Attendance => {
    if (statusCode >= 300) throw new Error(`${statusCode} ${body}`);
    return JSON.parse(body);
  };
  return {
    walk: () =>
      promised((done) =>
        at(entry)
          .follow(...first, 'osdi:attendances[0]')
          .getResource(done),
      ),

    async create(body) {
      const person = await promised<string>((done) => at(entry).follow('osdi:people', 'osdi:people[0]').getUrl(done));
      const response = await promised<Response & { headers: { location: string } }>((done) =>
        at(entry)
          .follow(...first)
          .post({ ...body, ...linkedTo(person) }, done),
      );
      made = response.headers.location;
      return parsed(response);
    },

    change: async (body) => parsed(await promised((done) => at(made).patch(body, done))),

    async remove() {
      const { body } = await promised<Response>((done) => at(made).delete(done));
      return JSON.parse(body);
    },

    async pages() {
      const attendances: Attendance[] = [];
      const collection = await promised<string>((done) =>
        at(entry)
          .follow(...first)
          .getUrl(done),
      );
      for (let url: string | undefined = inPages(collection); url; ) {
        const page: string = url;
        attendances.push(
          ...(await promised<Attendance[]>((done) => at(page).follow('osdi:attendances[$all]').getResource(done))),
        );
        const { _links } = await promised<{ _links: { next?: { href: string } } }>((done) =>
          at(page).getResource(done),
        );
        url = _links.next?.href;
      }
      return attendances;
    },
  };
};
