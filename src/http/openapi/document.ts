/*
 * `src/http/openapi/`: The document of an API in OpenAPI 3.1, made of the endpoints and schemas that serve: there is no second
 * list. `components.ts` has what several endpoints share.
 */
import type { TSchema } from '@sinclair/typebox';
import type { SecuritySchemes } from '../credentials/credentials';
import { type Api, type Endpoint, patternOf } from '../endpoint';
import { EVENT_STREAM } from '../formats/event-stream';
import { statuses } from '../problem';
import { errorsOf, isConditional, successesOf } from '../statuses';
import {
  bodyContent,
  type Described,
  errorName,
  errorResponses,
  type Json,
  replyContent,
  replyHeaders,
  schemasIn,
} from './components';

/** A document of OpenAPI 3.1, but for where the service is; see `servedAt`. */
export interface Document extends Json {
  readonly openapi: '3.1.0';
  readonly info: Json;
  readonly paths: Readonly<Record<string, Json>>;
  readonly components: { readonly securitySchemes: SecuritySchemes } & Json;
}

/** The document of APIs that have the same name. */
export function documentOf(apis: readonly Api[], version: string): Document {
  const { schemas, described } = schemasIn(apis);
  const [{ title, description }] = apis as readonly [Api, ...Api[]];
  const operations = apis.flatMap((api) =>
    api.endpoints.map((endpoint) => ({ path: pathOf(api, endpoint), api, endpoint })),
  );
  const paths = [...new Set(operations.map(({ path }) => path))].map((path) => {
    const ofPath = operations.filter((operation) => operation.path === path);
    const methods = ofPath.map(({ api, endpoint }) => [
      endpoint.method.toLowerCase(),
      operationOf(api, endpoint, path, described),
    ]);
    return [path, Object.fromEntries(methods)];
  });
  return {
    openapi: '3.1.0',
    info: { title, description, version },
    paths: Object.fromEntries(paths),
    components: {
      schemas,
      responses: Object.assign({}, ...apis.map((api) => errorResponses(api, described))),
      securitySchemes: Object.assign(
        {},
        ...apis.flatMap(({ credentials }) => credentials.map(({ schemes }) => schemes)),
      ),
    },
  };
}

/**
 * The document of a service at this address. Where tokens come from is an absolute URL: a reference like `/token` would lose the
 * path that the address may have (RFC 3986, 5.2.2).
 */
export function servedAt(url: string, document: Document) {
  const schemes = Object.entries(document.components.securitySchemes).map(([name, scheme]) => {
    if (!scheme.flows) return [name, scheme];
    const { tokenUrl, scopes } = scheme.flows.clientCredentials;
    return [name, { ...scheme, flows: { clientCredentials: { tokenUrl: url + tokenUrl, scopes } } }];
  });
  const components = { ...document.components, securitySchemes: Object.fromEntries(schemes) };
  return { ...document, servers: [{ url }], components };
}

/** `/rolls/:section/:date` below its base is `/rolls/{section}/{date}`. */
const pathOf = ({ base }: Api, { path }: Endpoint): string => patternOf(base, path).replace(/:(\w+)/g, '{$1}');

function operationOf(api: Api, endpoint: Endpoint, path: string, described: Described): Json {
  const { method, summary, scope, schemas = {} } = endpoint;
  return {
    operationId: `${method.toLowerCase()}${wordsOf(path).map(capitalized).join('')}`,
    tags: [tagOf(api, endpoint)],
    summary,
    ...(scope && { description: `Needs the scope \`${scope}\`.` }),
    security: securityOf(api, endpoint),
    parameters: [
      ...paramsOf(api, endpoint),
      ...(schemas.query ? queryOf(schemas.query, described) : []),
      ...headersOf(api, endpoint),
    ],
    ...(schemas.body && {
      requestBody: {
        description: schemas.body.description,
        required: Boolean(schemas.body.required?.length),
        content: bodyContent(endpoint.formats ?? api.formats, schemas.body, described),
      },
    }),
    responses: responsesOf(api, endpoint, described),
  };
}

/** The words of a path, those of parameters with `By` before them. */
const wordsOf = (path: string): string[] => path.replace(/\{(\w+)\}/g, 'by-$1').match(/[A-Za-z0-9]+/g) ?? [];
const capitalized = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

/** What endpoints are listed under: the API's word, or the first of the path that is no version and no parameter. */
const tagOf = ({ tag, base }: Api, { path }: Endpoint): string =>
  tag ??
  [...`${path}/`.split('/'), ...base.split('/')].find((word) => /^[a-z][\w-]*$/.test(word) && !/^v\d+$/.test(word))!;

/** Any of the credentials, with the scope as the role that it has to have (OpenAPI 3.1, 4.8.30). */
function securityOf({ credentials }: Api, { scope }: Endpoint): Json[] {
  const names = credentials.flatMap(({ schemes }) => Object.keys(schemes));
  const any = names.map((name) => ({ [name]: scope ? [scope] : [] }));
  return scope || names.length === 0 ? any : [{}, ...any];
}

const paramsOf = ({ parameters }: Api, { path }: Endpoint): Json[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    description: parameters[name!],
    schema: { type: 'string' },
  }));

function queryOf({ properties = {}, required = [], additionalProperties }: TSchema, described: Described): Json[] {
  const listed = Object.entries(properties as Record<string, TSchema>).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    description,
    schema: described(schema as TSchema),
  }));
  if (typeof additionalProperties !== 'object') return listed;
  const others = { type: 'object', additionalProperties: described(additionalProperties) };
  return [
    ...listed,
    { name: 'others', in: 'query', description: 'Any others.', style: 'form', explode: true, schema: others },
  ];
}

/** Fields of the head that change what an endpoint does (RFC 9110, 13.1.1 and 13.1.2; HTML, 9.2.4), and by whom it is called. */
function headersOf({ actsAs }: Api, endpoint: Endpoint): Json[] {
  const field = (name: string, description: string) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  });
  const isGuarded = endpoint.errors?.includes('REVISION_STALE');
  const isForNew = endpoint.errors?.includes('RESOURCE_EXISTS');
  return [
    ...(isConditional(endpoint)
      ? [field('If-None-Match', 'ETags that the client has; 304 where one is that of the answer.')]
      : []),
    ...(isForNew
      ? [field('If-None-Match', '`*`: it is for what is not there yet; nothing is changed where it is.')]
      : []),
    ...(isGuarded
      ? [field('If-Match', 'ETags that the client has read; nothing is changed where none of them stands.')]
      : []),
    ...(endpoint.formats?.some(({ types }) => types.includes(EVENT_STREAM))
      ? [
          field(
            'Last-Event-ID',
            'Of a stream of events alone: the id of the last that was read, after which it goes on.',
          ),
        ]
      : []),
    ...(actsAs && endpoint.scope ? [field(actsAs, 'The id of a person to act as. Needs the scope `admin`.')] : []),
  ];
}

function responsesOf(api: Api, endpoint: Endpoint, described: Described): Json {
  const { schemas, formats = api.formats } = endpoint;
  const tagged = isConditional(endpoint);
  const succeeded = successesOf(endpoint).map((status) => [status, successOf(status)]);
  const failed = [...new Set([...errorsOf(api, endpoint)].map((code) => statuses[code]))].map((status) => [
    status,
    { $ref: `#/components/responses/${errorName(api, status)}` },
  ]);
  const known = tagged ? [[304, { $ref: '#/components/responses/NotModified' }]] : [];
  const others = ['default', { $ref: `#/components/responses/${errorName(api, statuses.METHOD_NOT_ALLOWED)}` }];
  return Object.fromEntries([...succeeded, ...known, ...failed, others]);

  function successOf(status: number): Json {
    const own = Object.entries(endpoint.headers ?? {}).map(([name, description]) => [
      name,
      { description, schema: text },
    ]);
    const headers = { ...replyHeaders(tagged), ...Object.fromEntries(own) };
    if (status >= 300) return { description: 'The answer is elsewhere.', headers: { Location: location, ...headers } };
    if (!schemas?.reply) return { description: 'It is done.', headers };
    const content = replyContent(formats, schemas.reply, described);
    return { description: schemas.reply.description, headers, content };
  }
}

const text = { type: 'string' };
const location = { description: 'Where it is.', schema: { type: 'string', format: 'uri-reference' } };
