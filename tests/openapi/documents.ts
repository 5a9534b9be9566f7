import type { Api } from '../api';

/** What the tests read of a document of OpenAPI 3.1. */
export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly servers: readonly [{ readonly url: string }];
  readonly paths: Readonly<Record<string, Readonly<Record<Method, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Answer>>;
    readonly securitySchemes: Readonly<Record<string, Scheme>>;
  };
}

interface Scheme {
  readonly type: string;
  readonly name?: string;
  readonly flows?: { readonly clientCredentials: { readonly tokenUrl: string } };
}

export type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, Answer | { readonly $ref: string }>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export interface Answer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Content;
}

export type Content = Readonly<Record<string, Media>>;

export interface Media {
  readonly schema: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export type Schema = Readonly<Record<string, unknown>>;

/** Where the documents are that the catalog lists, each once. */
export async function pathsOfDocuments(api: Pick<Api, 'url'>): Promise<string[]> {
  const response = await fetch(`${api.url}/.well-known/api-catalog`);
  const { linkset } = (await response.json()) as { linkset: { 'service-desc': [{ href: string }] }[] };
  return [...new Set(linkset.map((links) => new URL(links['service-desc'][0].href).pathname))];
}

export async function documentsOf(api: Pick<Api, 'url'>): Promise<OpenApi[]> {
  const paths = await pathsOfDocuments(api);
  return Promise.all(paths.map(async (path) => (await fetch(api.url + path)).json() as Promise<OpenApi>));
}

/** The operations of a document, each with where it is. */
export const operationsOf = ({ paths }: OpenApi) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method as Method, operation })),
  );

/** What an operation answers with a status; undefined where its document does not have it. */
export function answerOf(
  { components }: OpenApi,
  { responses }: Operation,
  status: number | 'default',
): Answer | undefined {
  const answer = responses[status];
  return answer && '$ref' in answer ? components.responses[answer.$ref.split('/').at(-1)!] : answer;
}
