import { Client, type Resource } from 'ketting';
import { type Attendance, type ConnectClient, inPages, linkedTo } from './client';

/** `put(state)` of a fetched state is broken in ketting itself; `put({ data })` is not. */
export const connectKetting: ConnectClient = (entry, token) => {
  const client = new Client(entry);
  client.use((request, next) => {
    request.headers.set('OSDI-API-Token', token);
    return next(request);
  });
  const event = async (): Promise<Resource> => {
    const [first] = await client.follow('osdi:events').followAll('osdi:events');
    return first!;
  };
  let made: Resource<Attendance>;
  return {
    async walk() {
      const [first] = await (await event()).follow('osdi:attendances').followAll('osdi:attendances');
      return (await first!.get()).data;
    },

    async create(data) {
      const [person] = await client.follow('osdi:people').followAll('osdi:people');
      const attendances = await (await event()).follow('osdi:attendances');
      made = await attendances.postFollow({ data: { ...data, ...linkedTo(person!.uri) } });
      return (await made.get()).data;
    },

    async change(data) {
      const state = await made.get();
      await made.put({ data: { ...state.data, ...data } });
      return (await made.refresh()).data;
    },

    async remove() {
      await made.delete(); // says nothing but that it went well
      return { notice: 'This attendance was successfully deleted.' };
    },

    async pages() {
      const found: Attendance[] = [];
      const collection = await (await event()).follow('osdi:attendances');
      for (let page: Resource | undefined = client.go(inPages(collection.uri)); page; ) {
        const state: Awaited<ReturnType<Resource['get']>> = await page.get();
        for (const item of state.followAll('osdi:attendances') as never as Resource<Attendance>[])
          found.push((await item.get()).data);
        page = state.links.has('next') ? (state.follow('next') as never as Resource) : undefined;
      }
      return found;
    },
  };
};
