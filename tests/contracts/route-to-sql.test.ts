import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join, relative } from 'node:path';
import { root } from '../../src/lib/root';
import { type Api, openApi } from '../api';

/**
 * docs/architecture.md lists what a reader opens to follow a request from its route to SQL. The list is held against the
 * functions that Node calls for that request.
 */
let api: Api;
let teacher: Api;
beforeAll(async () => {
  api = await openApi();
  teacher = await api.as({ person: api.world.people.noether });
});
afterAll(() => api.close());

/** The files of `src` that have the attendance of a request; the others serve every request, whatever it is about. */
const ofAttendance = /^src\/(apis|ledger|roster|reports|marks)\//;

/** Which functions V8 has called while the request was answered, by their files; a constant that is read is none. */
async function filesRunBy(request: () => Promise<unknown>): Promise<string[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await request();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  return result
    .filter(({ functions }) =>
      functions.some(({ functionName, ranges }) => !functionName.startsWith('get ') && ranges[0]!.count > 0),
    )
    .map(({ url }) => relative(root, url.replace('file://', '')))
    .filter((file) => ofAttendance.test(file));
}

const filesIn = (cell: string) => [...cell.matchAll(/`([\w/.-]+\.ts)`/g)].map(([, file]) => `src/${file}`);
const table = readFileSync(join(root, 'docs/architecture.md'), 'utf8').matchAll(
  /^\| `(\w+ \/\S+)` \| (.*) \| (.*) \|$/gm,
);
const listed = new Map(
  [...table].map(([, request, ofMarks, ofRights]) => [request, [ofMarks!, ofRights!].map(filesIn)]),
);

const importedBy = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/ from '(\.[^']+)'/g)].map(
    ([, path]) => `${relative(root, join(root, file, '..', path!))}.ts`,
  );

const attendance = (status: number) => {
  const { sections, enrollments } = api.world;
  const body = { attendances: { attendance: [{ enrollment_id: enrollments.ada, date: '2025-10-01', status }] } };
  return teacher.put(`/v1/sections/${sections.algebra}/attendance`).send(body).expect(200);
};

test.each<[string, () => Promise<unknown>]>([
  ['PUT /v1/sections/{section}/attendance', () => attendance(2)],
  [
    'GET /v1/sections/{section}/attendance',
    async () => teacher.get(`/v1/sections/${api.world.sections.algebra}/attendance?start=2025-10-01`).expect(200),
  ],
  [
    'POST /bookings/v2/attendance/query',
    async () =>
      teacher
        .post('/bookings/v2/attendance/query')
        .send({ query: { filter: { status: 'ATTENDED' } } })
        .expect(200),
  ],
])('what answers %s is listed, and whatever is listed answers it', async (name, request) => {
  await attendance(3); // connections, statements and credentials are there
  const ran = await filesRunBy(request);
  const [ofMarks = [], ofRights = []] = listed.get(name) ?? [];
  const files = [...ofMarks, ...ofRights];
  expect(ran.filter((file) => !files.includes(file))).toEqual([]);
  // What has not run itself has the SQL of what has, or is what an API is given.
  const near = [...ran, 'src/apis/dependencies.ts'].flatMap(importedBy);
  expect(files.filter((file) => !ran.includes(file) && !near.includes(file))).toEqual([]);
  expect(ofMarks.length).toBeLessThanOrEqual(7);
});
