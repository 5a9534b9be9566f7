import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { importOneRoster, openOneRoster } from '../../src/roster/oneroster/import';
import { BundleError } from '../../src/roster/oneroster/source';
import { bundle, changes, openRoster, type Roster } from './bundles';

let roster: Roster;
let path: string;
beforeEach(async () => {
  roster = await openRoster();
  path = join(roster.folder, 'bundle.zip');
});
afterEach(() => roster.close());

interface Options {
  readonly compress?: boolean;
  /** More entries than those of the bundle. */
  readonly more?: Record<string, string>;
}

/** The bundle with so many users that their entry has many blocks, as a zip. */
async function zipped({ compress = true, more = {} }: Options = {}): Promise<Buffer> {
  const zip = new ZipFile();
  const many = Array.from({ length: 20_000 }, (_, index) => `u${index},,,true,s,student,,,G${index},F,,,,,,,07,`);
  const files = { ...bundle, 'users.csv': `${bundle['users.csv']}${many.join('\n')}\n`, ...more };
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name, { compress });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return readFileSync(path);
}

/** Where the central directory has the entry. */
function headerIn(zip: Buffer, name: string): number {
  for (let at = zip.indexOf('PK\u0001\u0002'); at >= 0; at = zip.indexOf('PK\u0001\u0002', at + 1))
    if (zip.subarray(at + 46, at + 46 + zip.readUInt16LE(at + 28)).toString() === name) return at;
  throw new Error(`no ${name}`);
}
/** Where the data of the entry is, and how long. */
function dataIn(zip: Buffer, name: string): { start: number; size: number } {
  const header = headerIn(zip, name);
  const local = zip.readUInt32LE(header + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  return { start, size: zip.readUInt32LE(header + 20) };
}

type Damage = (zip: Buffer) => Buffer | undefined;
const damages: readonly [string, Damage, Options?][] = [
  ['cut in the middle', (zip) => zip.subarray(0, zip.length / 2)],
  ['cut in its central directory', (zip) => zip.subarray(0, headerIn(zip, 'users.csv') + 20)],
  ['without its end', (zip) => zip.subarray(0, -22)],
  ['without its middle', (zip) => Buffer.concat([zip.subarray(0, 2000), zip.subarray(-1000)])],
  ['with a wrong checksum', (zip) => void zip.writeUInt32LE(7, headerIn(zip, 'users.csv') + 16)],
  ['with a wrong byte', (zip) => void zip.write('!', dataIn(zip, 'users.csv').start + 500), { compress: false }],
  [
    'with deflated nonsense',
    (zip) => void zip.fill(0xff, dataIn(zip, 'users.csv').start + 500, dataIn(zip, 'users.csv').start + 600),
  ],
  [
    'with deflated nonsense from the first byte on',
    (zip) => void zip.fill(0xff, dataIn(zip, 'orgs.csv').start, dataIn(zip, 'orgs.csv').start + 9),
  ],
  [
    'with an entry that ends early',
    (zip) => void zip.writeUInt32LE(dataIn(zip, 'users.csv').size - 50, headerIn(zip, 'users.csv') + 20),
  ],
  ['with an entry larger than it says', (zip) => void zip.writeUInt32LE(100, headerIn(zip, 'users.csv') + 24)],
  ['with an entry smaller than it says', (zip) => void zip.writeUInt32LE(0xfffffff0, headerIn(zip, 'users.csv') + 24)],
  ['with an entry beyond its end', (zip) => void zip.writeUInt32LE(0xfffffff0, headerIn(zip, 'users.csv') + 20)],
  ['with an entry that lies elsewhere', (zip) => void zip.writeUInt32LE(7, headerIn(zip, 'users.csv') + 42)],
  ['with a compression that nobody knows', (zip) => void zip.writeUInt16LE(99, headerIn(zip, 'users.csv') + 10)],
  ['with an encrypted entry', (zip) => void zip.writeUInt16LE(1, headerIn(zip, 'users.csv') + 8)],
  ['with a path that leads out', (zip) => void zip.write('../rs.csv', headerIn(zip, 'users.csv') + 46)],
  ['with a path from the root', (zip) => void zip.write('/', headerIn(zip, 'users.csv') + 46)],
  ['with the same file twice', () => undefined, { more: { 'old/Users.csv': String(bundle['users.csv']) } }],
  [
    'with a manifest of noise',
    (zip) => void zip.fill(0xaa, dataIn(zip, 'manifest.csv').start, dataIn(zip, 'manifest.csv').start + 20),
  ],
];

test.each(damages)('a zip %s is no bundle, and nothing changes', async (...[_what, damage, options]) => {
  const zip = await zipped(options);
  writeFileSync(path, damage(zip) ?? zip);
  const before = await roster.everything();
  await expect(openOneRoster(path)).rejects.toBeInstanceOf(BundleError);
  expect(await roster.everything()).toEqual(before);
});

test('a zip that is whole goes in', async () => {
  await zipped();
  const report = await roster.importFrom(path);
  expect([changes(report), report.refused]).toEqual([20_009, []]);
});

test('a file that breaks off after it was opened is refused, and what stands there is not ended', async () => {
  roster.write(bundle);
  await roster.importFrom(roster.folder);
  const before = await roster.everything();
  const opened = await openOneRoster(roster.folder);
  opened.close();
  const gone = new Map(
    [...opened.files].map(([name, file]) => [name, { ...file, open: () => Promise.reject(new Error('gone')) }]),
  );
  const report = await importOneRoster(
    roster.database,
    roster.district,
    { ...opened, files: gone },
    { today: '2025-10-15' },
  );
  expect(report.refused).toHaveLength(6);
  expect(await roster.everything()).toEqual(before);
});

test('files that are not read may be what they like', async () => {
  await zipped({ more: { 'a/results.csv': '', 'b/results.csv': 'x' } });
  expect((await roster.importFrom(path)).refused).toEqual([]);
});
