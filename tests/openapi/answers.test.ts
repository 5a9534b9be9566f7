import type Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { type Api, openApi } from '../api';
import { answerOf, documentsOf, type OpenApi, operationsOf } from './documents';
import { type Asked, requestsOf } from './requests';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

declare const loadOnce: NodeRequire; // engines/environment.js

const Ajv2020: typeof Ajv = loadOnce('ajv/dist/2020').default;

/** Requests that a document tells how to make, and whether it has told the answers. */
let api: Api;
let documents: readonly OpenApi[];
beforeAll(async () => {
  api = await openApi();
  documents = await documentsOf(api);
});
afterAll(() => api.close());

/** The token where one of the security schemes has it. */
function credentials({ components }: OpenApi, { operation }: Asked): Record<string, string> {
  const [scheme] = operation.security
    .flatMap((each) => Object.keys(each))
    .map((name) => components.securitySchemes[name]!);
  if (!scheme) return {};
  return scheme.type === 'apiKey' ? { [scheme.name!]: api.token } : { Authorization: `Bearer ${api.token}` };
}

function checkerOf(document: OpenApi) {
  const ajv = addFormats(new Ajv2020({ strict: false }));
  ajv.addSchema({ $id: 'document', ...document } as object);
  const pointer = (...parts: string[]) =>
    parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');

  /** What an answer has that the document has not. */
  return async (asked: Asked, template: string, answer: Response): Promise<unknown> => {
    const { status } = answer;
    const { operation, method } = asked;
    const told = answerOf(document, operation, status);
    if (!told) return `${status} is not in the document`;
    if (status === 500) return `500: ${await answer.text()}`; // it is in each document, and is nobody's wish
    const text = await answer.text();
    const type = (answer.headers.get('content-type') ?? '').split(';')[0]!;
    if (!told.content) return text === '' ? undefined : `a body, which ${status} has not`;
    if (!(type in told.content)) return `${type} is not in the document of ${status}`;
    if (!type.endsWith('json')) return undefined;
    const stated = operation.responses[status]!;
    const place =
      '$ref' in stated
        ? stated.$ref.replace('#/', '')
        : pointer('paths', template, method, 'responses', String(status));
    const check = ajv.getSchema(`document#/${place}/content/${pointer(type)}/schema`)!;
    return check(JSON.parse(text)) ? undefined : check.errors;
  };
}

test('whatever is asked as a document has it is answered as the document says', async () => {
  const { sections, people, enrollments } = api.world;
  const ids = [sections, people, enrollments].flatMap((each) => Object.values(each).map(String));
  for (const document of documents) {
    const check = checkerOf(document);
    const operations = operationsOf(document);
    const requests = operations.map((each) =>
      requestsOf(document, each, ids).map((asked) => ({ asked, template: each.path })),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(...requests), async ({ asked, template }) => {
        const { method, path, headers, body } = asked;
        const answer = await fetch(api.url + path, {
          method: method.toUpperCase(),
          redirect: 'manual',
          headers: { ...headers, ...credentials(document, asked) },
          ...(body !== undefined && { body }),
        });
        expect([method, path, body, await check(asked, template, answer)]).toEqual([method, path, body, undefined]);
      }),
      { numRuns: operations.length * Number(process.env.OPENAPI_RUNS ?? 2) },
    );
  }
});
