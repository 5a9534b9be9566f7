import { DocsReply, EntryReply } from '../../../schemas/osdi/entry';
import { ResourceQuery } from '../../../schemas/osdi/parts';
import type { TypeOf } from '../../../schemas/types';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { asText } from '../../http/formats/format';
import { json } from '../../http/formats/json';
import { Problem } from '../../lib/problem';
import type { Dependencies } from '../dependencies';
import { MAX_PAGE_SIZE } from './collections';
import { BASE, documentOf, documentReply, linkTo, NAMESPACE } from './hal';

/** The API entry point of aep.md: readable by all, since a known client sends no token here. */
export const entryEndpoint = endpoint({
  method: 'GET',
  path: '/',
  summary: 'Says what this service is, and where its collections are',
  schemas: { query: ResourceQuery, reply: EntryReply },
  handle: async (call) => documentReply(200, documentOf(entryPoint(call), call)),
});

/** No other rel of `osdi:` than these two: the same client stops at one that it does not know. */
const entryPoint = (call: Call) => ({
  motd: 'Attendance of schools: events are meetings of sections.',
  max_pagesize: MAX_PAGE_SIZE,
  vendor_name: NAMESPACE,
  product_name: NAMESPACE,
  osdi_version: '1.1.1' as const,
  namespace: NAMESPACE,
  _links: {
    self: linkTo(call, '/'),
    docs: linkTo(call, '/docs'),
    'osdi:people': linkTo(call, '/people'),
    'osdi:events': linkTo(call, '/events'),
  },
});

/** What each rel leads to, for who reads the `curies` of a document. */
const rels: Readonly<Record<string, string>> = {
  people: 'The people of the district, students and teachers: a collection of osdi:person.',
  person: 'A person; osdi:attendances leads to theirs.',
  events: 'The meetings of sections: a collection of osdi:event. POST one with all_day_date to schedule it.',
  event: 'A meeting: a section on a day. osdi:attendances leads to those of its students.',
  attendances:
    'The attendances of an event or of a person: a collection of osdi:attendance, every enrolled student included.',
  attendance:
    'What was announced (status, comment) and what happened (attended) of one student at one meeting. PUT changes ' +
    'the fields that it has; DELETE takes back what was said.',
  record_attendance_helper:
    'POST an attendance with an inline person, matched by identifier, then by email within the district.',
  creator: 'The teacher of the meeting, an osdi:person.',
  invited_by: 'Who invited the attendee, as it was sent; null clears it.',
};

type Page = TypeOf<typeof DocsReply>;

const html = (prefix: string, { title, rels }: Page): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1><dl>
${Object.entries(rels)
  .map(([rel, meaning]) => `<dt><a href="${prefix}${BASE}/docs/${rel}">osdi:${rel}</a></dt><dd>${meaning}</dd>`)
  .join('\n')}
</dl></body></html>
`;

/** "Curies": the documentation of a rel, readable by all. */
export function docsEndpoints({ prefix }: Pick<Dependencies, 'prefix'>): Endpoint[] {
  const common = {
    method: 'GET',
    schemas: { query: ResourceQuery, reply: DocsReply },
    // A page for browsers; the same as JSON for programs.
    formats: [
      { ...json, types: ['text/html'], encode: (page: unknown) => html(prefix, page as Page), describe: asText },
      { ...json, types: ['application/hal+json', 'application/json'] },
    ],
    framed: true, // by the HAL browser
  } as const;
  return [
    endpoint({
      ...common,
      path: '/docs',
      summary: 'Explains the link relations',
      handle: async () => ({ status: 200, body: { title: 'The link relations of rollbook', rels } }),
    }),
    endpoint({
      ...common,
      path: '/docs/:rel',
      summary: 'Explains a link relation',
      async handle({ params: { rel } }) {
        const meaning = Object.hasOwn(rels, rel) ? rels[rel] : undefined;
        if (meaning === undefined) throw new Problem('NOT_FOUND', `There is no rel osdi:${rel.slice(0, 60)}.`);
        return { status: 200, body: { title: `osdi:${rel}`, rels: { [rel]: meaning } } };
      },
    }),
  ];
}
