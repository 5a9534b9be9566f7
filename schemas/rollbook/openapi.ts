import { Type } from '@sinclair/typebox';
import { anyObject, closed, type TypeOf } from '../types';

/** What describes the APIs themselves. */

const title = 'rollbook’s own API';
const here = 'https://rollbook.example.org';

export const DocumentReply = Type.Object(
  {
    openapi: Type.Literal('3.1.0'),
    info: anyObject({ description: 'What the API is.' }),
    servers: Type.Array(closed({ url: Type.String({ format: 'uri' }) }), { minItems: 1 }),
    paths: anyObject({ description: 'What it takes and answers, by paths and methods.' }),
    components: anyObject({ description: 'What several of them share.' }),
  },
  {
    title: 'OpenApiDocument',
    description: 'A document of OpenAPI 3.1.',
    examples: [
      {
        openapi: '3.1.0',
        info: { title: 'rollbook’s own API', version: '0.2.0' },
        servers: [{ url: 'https://rollbook.example.org' }],
        paths: {},
        components: {},
      },
    ],
  },
);

const targets = (description: string, href: string, type: string) =>
  Type.Array(closed({ href: Type.String({ format: 'uri' }), type: Type.String(), title: Type.String() }), {
    minItems: 1,
    description,
    examples: [[{ href, type, title }]],
  });

/** RFC 9264, 4.2; the relations are those of RFC 8631. */
export const CatalogReply = closed(
  {
    linkset: Type.Array(
      closed({
        anchor: Type.String({ format: 'uri', description: 'Where an API is.', examples: [`${here}/rolls`] }),
        'service-desc': targets('Its OpenAPI document.', `${here}/openapi.json`, 'application/json'),
        'service-doc': targets('Its page.', `${here}/docs#rollbook`, 'text/html'),
        status: targets('Whether it can be used just now.', `${here}/readyz`, 'application/json'),
      }),
    ),
  },
  {
    title: 'ApiCatalog',
    description: 'Where each API is, and what describes it.',
    examples: [
      {
        linkset: [
          {
            anchor: `${here}/rolls`,
            'service-desc': [{ href: `${here}/openapi.json`, type: 'application/json', title }],
            'service-doc': [{ href: `${here}/docs#rollbook`, type: 'text/html', title }],
            status: [{ href: `${here}/readyz`, type: 'application/json', title }],
          },
        ],
      },
    ],
  },
);

const notFound = {
  code: 'NOT_FOUND',
  status: 404,
  title: 'There is no such resource.',
  remedy: 'Look at the address and the ids. What is of another district is not found, either.',
};

export const ErrorsReply = closed(
  {
    errors: Type.Array(
      closed({
        code: Type.String({ description: 'Its stable name.', examples: ['NOT_FOUND'] }),
        status: Type.Integer({ minimum: 400, maximum: 599, examples: [404] }),
        title: Type.String({ description: 'What it means.', examples: [notFound.title] }),
        remedy: Type.String({ description: 'What to do about it.', examples: [notFound.remedy] }),
      }),
    ),
  },
  {
    title: 'Errors',
    description: 'What each error means, and what to do about it.',
    examples: [{ errors: [notFound] }],
  },
);
export type ErrorList = TypeOf<typeof ErrorsReply>;
