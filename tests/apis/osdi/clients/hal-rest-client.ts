import 'reflect-metadata';
import { HalResource, HalRestClient } from 'hal-rest-client';
import { type Attendance, type ConnectClient, inPages, linkedTo } from './client';

const shown = (resource: HalResource): Attendance => ({
  identifiers: resource.prop('identifiers'),
  status: resource.prop('status'),
  attended: resource.prop('attended'),
});

/** A PATCH; by the client, since a resource that it has met before as a link would send its links along. */
export const connectHalRestClient: ConnectClient = (entry, token) => {
  const client = new HalRestClient(entry, { headers: { 'OSDI-API-Token': token } });
  const first = async (rel: string): Promise<HalResource> => {
    const point = await client.fetchResource('');
    const list: HalResource = await point.link(rel).fetch();
    return list.prop(rel)[0];
  };
  const attendances = async (): Promise<HalResource> => (await first('osdi:events')).link('osdi:attendances').fetch();
  let made: HalResource;
  return {
    async walk() {
      const [link] = (await attendances()).link('osdi:attendances');
      return shown(await link.fetch(true));
    },

    async create(body) {
      const person = await first('osdi:people');
      const { uri } = await attendances();
      made = await client.create(uri.resourceURI, { ...body, ...linkedTo(person.uri.resourceURI) });
      return shown(made);
    },

    change: async (body) => shown(await client.update(made.uri.resourceURI, body)),

    remove: () => made.delete(),

    async pages() {
      const found: HalResource[] = [];
      let url: string | undefined = inPages((await attendances()).uri.resourceURI);
      while (url) {
        found.push(...(await client.fetchArray(url, HalResource)));
        const next: HalResource | undefined = (await client.fetchResource(url)).link('next');
        url = next?.uri.resourceURI;
      }
      return found.map(shown);
    },
  };
};
