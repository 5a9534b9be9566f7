import { Type } from '@sinclair/typebox';
import { closed } from '../types';
import { Curies, href, Link } from './parts';

export const EntryReply = closed(
  {
    motd: Type.String({ minLength: 1 }),
    max_pagesize: Type.Integer({ description: 'How many items a page has at most.' }),
    vendor_name: Type.String({ minLength: 1 }),
    product_name: Type.String({ minLength: 1 }),
    osdi_version: Type.Literal('1.1.1'),
    namespace: Type.String({ minLength: 1, description: 'The prefix of the identifiers of this service.' }),
    _links: closed({ self: Link, docs: Link, 'osdi:people': Link, 'osdi:events': Link, curies: Curies }),
  },
  {
    title: 'EntryPoint',
    description: 'The API entry point: what this service is, and where its collections are.',
    examples: [
      {
        motd: 'Attendance of schools: events are meetings of sections.',
        max_pagesize: 1000,
        vendor_name: 'rollbook',
        product_name: 'rollbook',
        osdi_version: '1.1.1',
        namespace: 'rollbook',
        _links: {
          self: { href: href('/') },
          docs: { href: href('/docs') },
          'osdi:people': { href: href('/people') },
          'osdi:events': { href: href('/events') },
          curies: Curies.examples[0],
        },
      },
    ],
  },
);

export const DocsReply = closed(
  {
    title: Type.String({ examples: ['osdi:person'] }),
    rels: Type.Unsafe<Readonly<Record<string, string>>>({
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'What each relation leads to.',
    }),
  },
  {
    title: 'LinkRelations',
    description: 'What link relations mean, for who reads the curies of a document. A page, where HTML is accepted.',
    examples: [{ title: 'osdi:person', rels: { person: 'A person; osdi:attendances leads to theirs.' } }],
  },
);
