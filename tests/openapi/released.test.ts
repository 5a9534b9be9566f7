import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../src/lib/root';
import { openApi } from '../api';
import { documentsOf, type OpenApi } from './documents';
import { brokenBy, promisesOf } from './promises';

/**
 * `released/` has the documents of the last release without their texts and examples. `RELEASE=1` before this test writes them
 * anew: that is a step of a release.
 */
const folder = join(__dirname, 'released');
const nameOf = ({ info }: OpenApi) => `${info.title.toLowerCase().match(/\w+/)![0]}.json`;
const unreleased = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/^## /m)[1]!;

let documents: readonly OpenApi[];
beforeAll(async () => {
  const api = await openApi();
  documents = await documentsOf(api);
  await api.close();
  if (!process.env.RELEASE) return;
  for (const file of readdirSync(folder)) rmSync(join(folder, file));
  for (const document of documents) writeFileSync(join(folder, nameOf(document)), `${bare(document)}\n`);
});

const bare = (document: OpenApi): string =>
  JSON.stringify(document, (key, value) => {
    const isText = ['summary', 'description'].includes(key) && typeof value === 'string';
    const isExample = key === 'example' || (key === 'examples' && (Array.isArray(value) || !value.type));
    return isText || isExample || key === 'servers' ? undefined : value;
  });

const released = (): OpenApi[] =>
  readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as OpenApi);

test('nothing that clients of the last release rely on is taken away, unless the changelog names its address', () => {
  const before = released();
  expect(before.map(({ info }) => info.title).sort()).toEqual(documents.map(({ info }) => info.title).sort());
  const broken = before.flatMap((document) => {
    const now = documents.find(({ info }) => info.title === document.info.title)!;
    return brokenBy(promisesOf(document), promisesOf(now));
  });
  const isNamed = (line: string) => unreleased.includes(/ (\/\S*)/.exec(line)?.[1] ?? line);
  expect(broken.filter((line) => !isNamed(line))).toEqual([]);
});

/** What a change of a part of rollbook's own document breaks. */
function brokenAt(pointer: string, change: (part: Record<string, unknown>) => void): string[] {
  const before = documents.find(({ paths }) => '/rolls/{section}/{date}' in paths)!;
  const now = structuredClone(before);
  const part = pointer.split(' ').reduce<unknown>((whole, name) => Reflect.get(whole as object, name), now);
  change(part as Record<string, unknown>);
  return brokenBy(promisesOf(before), promisesOf(now));
}

const roll = 'paths /rolls/{section}/{date}';
const body = 'components schemas RollChange';
const reply = 'components schemas Roll';

test.each<[string, string, (part: Record<string, unknown>) => void]>([
  ['an operation that is gone', roll, (part) => delete part.patch],
  ['an answer that is gone', `${roll} get responses`, (part) => delete part[200]],
  ['a media type that is gone', `${roll} get responses 200 content`, (part) => delete part['application/json']],
  ['a field that is answered no longer', `${reply} properties`, (part) => delete part.taken_by],
  ['a field that is not always answered', reply, (part) => Object.assign(part, { required: [] })],
  ['a field of another kind', `${reply} properties section_id`, (part) => Object.assign(part, { type: 'string' })],
  ['a field that is taken no longer', `${body} properties`, (part) => delete part.taken],
  [
    'a value that is taken no longer',
    'components schemas SentStatus properties status',
    (part) => Object.assign(part, { enum: [1, 2] }),
  ],
  ['a field that has to be sent', body, (part) => Object.assign(part, { required: ['taken'] })],
  [
    'a body that has to be sent',
    'paths /webhooks/{webhook}/rotate post requestBody',
    (part) => Object.assign(part, { required: true }),
  ],
  ['another scope', `${roll} get`, (part) => Object.assign(part, { security: [{ bearer: ['admin'] }] })],
  [
    'a parameter that has to be sent',
    'paths /marks get parameters 0',
    (part) => Object.assign(part, { required: true }),
  ],
])('%s breaks clients', (_what, pointer, change) => {
  expect(brokenAt(pointer, change)).not.toEqual([]);
});

test('what is added breaks nobody', () => {
  const added = { type: 'string' };
  expect(brokenAt(`${reply} properties`, (part) => Object.assign(part, { weather: added }))).toEqual([]);
  expect(brokenAt(`${body} properties`, (part) => Object.assign(part, { weather: added }))).toEqual([]);
  expect(brokenAt('paths', (part) => Object.assign(part, { '/weather': part['/marks'] }))).toEqual([]);
});
