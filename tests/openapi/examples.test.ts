import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { type Api, openApi } from '../api';
import { carrying } from '../isolation/calling';
import { createFixtures, type Fixture } from '../isolation/fixtures';
import { table } from '../isolation/table';
import { documentsOf, type OpenApi, operationsOf, type Parameter } from './documents';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

/** What the documents say of parameters, sent to what they describe. */
let api: Api;
let district: Fixture;
let documents: readonly OpenApi[];
beforeAll(async () => {
  api = await openApi();
  district = (await createFixtures(api)).alder;
  documents = await documentsOf(api);
});
afterAll(() => api.close());

/** Where an operation is, with ids that there are: as the table of isolation asks for it. */
const asked = new Map(
  Object.entries(table).map(([endpoint, { ask }]) => [
    endpoint.replace(/:(\w+)/g, '{$1}').replace(/(?<=.)\/$/, ''),
    ask,
  ]),
);

/** What reads: named queries of PowerSchool are read by POST. */
const readings = () =>
  documents
    .flatMap((document) => operationsOf(document))
    .filter(({ method, path }) => method === 'get' || path.startsWith('/ws/schema/query/'))
    .map(({ method, path, operation }) => {
      const name = `${method.toUpperCase()} ${path}`;
      const { path: where, body } = asked.get(name)!(district.ids);
      const query = operation.parameters.filter((parameter) => parameter.in === 'query' && parameter.name !== 'others');
      return { name, body, path: where.split('?')[0]!, query };
    });

type Reading = ReturnType<typeof readings>[number];

async function statusOf({ name, path, body }: Reading, parameters: readonly (readonly [string, string])[]) {
  const search = new URLSearchParams(parameters as [string, string][]);
  const [method] = name.split(' ');
  const response = await fetch(`${api.url}${path}?${search}`, {
    method: method!,
    redirect: 'manual',
    headers: { ...carrying(path, api.token), ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = response.status === 400 ? await response.text() : '';
  await response.body?.cancel().catch(() => undefined);
  return { status: response.status, line: `${name}?${search} ${response.status} ${text}` };
}

const examplesOf = ({ name, schema }: Parameter) =>
  ((schema.examples ?? []) as unknown[]).map((example) => [name, String(example)] as const);
/** What has to be there, and what its description says that these clients need: they are bound to nobody. */
const needed = ({ query }: Reading) =>
  query.filter(
    ({ required, description }) => required || description!.includes('Needed by clients that are bound to nobody'),
  );

test('what reads does not refuse a request that has what its document requires, and nothing else', async () => {
  const refused: string[] = [];
  for (const reading of readings()) {
    const answer = await statusOf(
      reading,
      needed(reading).map((each) => examplesOf(each)[0]!),
    );
    if (answer.status === 400 || answer.status >= 500) refused.push(answer.line);
  }
  expect(refused).toEqual([]);
});

test('what reads takes each example of each parameter, sent with what is required and nothing else', async () => {
  const refused: string[] = [];
  for (const reading of readings())
    for (const parameter of reading.query) {
      for (const example of examplesOf(parameter)) {
        const others = needed(reading).filter(({ name }) => name !== parameter.name);
        const { path } = reading;
        // "attendanceId" of Wix is that of the path.
        const at = parameter.name === 'attendanceId' ? path.replace(/[^/]+$/, example[1]) : path;
        const answer = await statusOf({ ...reading, path: at }, [
          ...others.map((each) => examplesOf(each)[0]!),
          example,
        ]);
        if (answer.status === 400 || answer.status >= 500) refused.push(answer.line);
      }
    }
  expect(refused).toEqual([]);
});

/** What people write for numbers, years, days, months and words, and what is none of these. */
const written = [
  '26',
  '0',
  '-1',
  '7',
  '2025',
  '2026.0',
  '1e3',
  '2025-10-06',
  '17/11/2025',
  '2025-02-30',
  '2025-10',
  'yes',
];
const words = ['no', 'YES', 'true', '1', 'absent', 'week', 'day-first', 'moon'];

test('rollbook’s own API refuses a value of a parameter where its document says that it is none, and not otherwise', async () => {
  const ajv = addFormats(new Ajv2020({ strict: false }));
  const own = documents.find(({ info }) => info.title === 'rollbook’s own API')!;
  const paths = operationsOf(own).map(({ path }) => path);
  const wrong: string[] = [];
  let checked = 0;
  for (const reading of readings().filter(({ name }) => paths.includes(name.split(' ')[1]!)))
    for (const { name, schema } of reading.query.filter(
      ({ schema }) => 'pattern' in schema || 'enum' in schema || 'format' in schema,
    )) {
      const fits = ajv.compile(schema);
      const others = needed(reading).filter((each) => each.name !== name);
      for (const value of [...written, ...words]) {
        const more = others.map((each) => examplesOf(each)[0]!);
        const { status, line } = await statusOf(reading, [...more, [name, value]]);
        if ((status === 400) === fits(value)) wrong.push(line);
        checked++;
      }
    }
  expect(checked).toBeGreaterThan(500);
  expect(wrong).toEqual([]);
});

test('a parameter of rollbook’s own API says in its schema what it takes, unless it is looked up', () => {
  const own = documents.find(({ info }) => info.title === 'rollbook’s own API')!;
  const free = operationsOf(own)
    .filter(({ path }) => !/^\/lti\/(?!attendance)/.test(path))
    .flatMap(({ operation }) => operation.parameters)
    .filter((parameter) => parameter.in === 'query')
    .filter(({ schema }) => !('pattern' in schema || 'enum' in schema || 'format' in schema))
    .map(({ name }) => name);
  // Ids, parts of names, what a school or the SIS has named, and cursors.
  expect([...new Set(free)].sort()).toEqual(['after', 'code', 'period', 'school', 'search', 'section', 'student']);
});
