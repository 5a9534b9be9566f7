import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../../src/lib/root';
import type { Labs } from './lab';
import { expressOf } from './limits/express';
import { answerOf } from './load/answer';
import { isAccepted, isRefused } from './load/arrivals';
import { come } from './load/open-loop';
import { AnswerReader } from './load/reader';
import { wire } from './load/request';
import { outcomesOf } from './outcomes';
import { kept, page, pageOf, type Run, withTable } from './page';
import { countRoundTrips } from './processes/round-trips';
import { own, type Runtime, runtimeOf } from './processes/runtime';
import { profileOf, summaryOf } from './profile';
import { asker } from './reports/ask';
import { above, LeftOut, ratio, stated } from './row';
import { rows } from './rows';
import { linesOf, tableOf } from './table';

/** The benchmark without the service: its parts in small. */

test('it has the rows B1 to B19, in order', () => {
  const ids = Array.from({ length: 19 }, (_, index) => `B${index + 1}`).toSpliced(17, 0, 'B17a');
  expect([...new Set(rows.map(({ id }) => id))]).toEqual(ids);
});

test('no two rows say the same of themselves', () => {
  const said = rows.map(({ rollbook }) => rollbook);
  expect(said.filter((text, index) => said.indexOf(text) !== index)).toEqual([]);
});

test('the table shows what was reached, the limit, the ratio, the goal, and whether it is met', () => {
  const row = { id: 'B1', rollbook: 'puts', limit: 'loops' };
  const node = 'v24.22.3';
  const outcomes = [
    {
      row,
      node,
      findings: [ratio(60_000, 100_000, 'items/s', { atLeast: 0.6 }), ratio(1, 3, 'ms', undefined, 'stated')],
    },
    {
      row,
      node,
      findings: [above(193.2, 93.1, 'MB', { atMost: 100 }), stated(49, 'ms', { atMost: 50 }, 'first byte')],
    },
    { row, node, findings: [{ ...ratio(2, 4, 'ms'), beside: 'fast loops' }] },
    { row, node, findings: [], leftOut: 'It needs loops.' },
    { row, node, findings: [], error: 'All were 500.' },
  ];
  const cells = tableOf(outcomes.flatMap(linesOf))
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(cells[0]).toEqual(['row', 'Node', 'rollbook', '', 'limit', '', 'ratio', 'goal', 'met']);
  expect(cells.slice(2)).toEqual([
    ['B1', '24', 'puts', '60,000 items/s', 'loops', '100,000 items/s', '0.60', 'at least 0.6', 'yes'],
    ['B1', '24', 'puts: stated', '1 ms', 'loops', '3 ms', '0.33', 'stated', ''],
    ['B1', '24', 'puts', '193 MB', 'loops', '93.1 MB', '+100 MB', 'at most 100 MB', 'no'],
    ['B1', '24', 'puts: first byte', '49 ms', '', '', '', 'at most 50 ms', 'yes'],
    ['B1', '24', 'puts', '2 ms', 'fast loops', '4 ms', '0.50', 'stated', ''],
    ['B1', '24', 'puts', 'left out: It needs loops.', 'loops', '', '', '', ''],
    ['B1', '24', 'puts', 'failed: All were 500.', 'loops', '', '', '', 'no'],
  ]);
});

test('docs/benchmark.md shows the runs that are kept, three at most', () => {
  const runs: Run[] = JSON.parse(readFileSync(kept, 'utf8'));
  const text = readFileSync(page, 'utf8');
  expect(runs.length).toBeLessThanOrEqual(3);
  expect(withTable(text, pageOf(runs))).toBe(text);
});

test('the last runs stand side by side, by what was measured on which Node', () => {
  const line = (node: string, figure: string, score: string) => ({
    ...{ id: 'B3', what: 'puts', limit: 'Express', limitFigure: '9 ms', goal: 'at least 1', met: 'no' },
    ...{ node, figure, score },
  });
  const runs: Run[] = [
    { day: '2026-11-21', commit: 'abc', caption: 'one', lines: [line('20', '1 ms', '0.30')] },
    { day: '2026-11-22', commit: 'def', caption: 'two', lines: [line('20', '2 ms', '0.40'), line('24', '3 MB', '')] },
  ];
  const drift = pageOf(runs).split('### The last runs')[1]!;
  expect(drift.replaceAll(/ +/g, ' ')).toContain(
    [
      '| B3 | 20 | puts | Express | 0.30 | 0.40 | at least 1 |',
      '| B3 | 24 | puts | Express | | 3 MB | at least 1 |',
    ].join('\n'),
  );
});

test('a Node whose ABI is that of the one here runs what is installed here', () => {
  expect(runtimeOf(process.execPath)).toEqual(own);
});

describe('which Node a row is measured on', () => {
  const given = ['v20.20.2', 'v24.22.3'].map((version) => ({ ...own, version }));
  const labs = { on: (runtime: Runtime) => ({ runtime }), clear: async () => undefined } as unknown as Labs;
  const row = { id: 'B1', rollbook: '', limit: '', measure: async () => [] };

  beforeEach(() => jest.spyOn(console, 'error').mockReturnValue());

  test.each([
    ['the first', row, ['v20.20.2']],
    ['each', { ...row, isOfEachNode: true }, ['v20.20.2', 'v24.22.3']],
    ['the first that will do', { ...row, willDo: ({ version }: Runtime) => version > 'v22' }, ['v24.22.3']],
  ])('%s', async (_which, of, nodes) => {
    const outcomes = await outcomesOf([of], labs, { runtimes: given });
    expect(outcomes.map(({ node }) => node)).toEqual(nodes);
  });

  test('a row whose needs are not there is left out, one that fails says so, and the others are measured', async () => {
    const throws = (error: Error) => ({ ...row, measure: () => Promise.reject(error) });
    const rows = [throws(new LeftOut('It needs Directus.')), throws(new Error('All were 500.')), row];
    const outcomes = await outcomesOf(rows, labs, { runtimes: given });
    expect(outcomes.map(({ leftOut, error }) => [leftOut, error])).toEqual([
      ['It needs Directus.', undefined],
      [undefined, 'All were 500.'],
      [undefined, undefined],
    ]);
  });
});

describe('Express, the limit', () => {
  const body = Buffer.from('{"a":1}');
  const path = '/v1/sections/1/attendance';

  test.each([
    ['plain', false],
    ['fast', true],
  ])('%s: it gives requests and responses other prototypes only where it is plain', async (_which, isFast) => {
    const server = await expressOf({ type: 'application/json', body, isFast });
    const seen: object[][] = [];
    const look = (...messages: object[]) => seen.push(messages.map((message) => Object.getPrototypeOf(message)));
    server.prependListener('request', look).on('request', look);
    const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    const get = await answerOf(address, wire({ path, headers: {} }));
    const json = { 'Content-Type': 'application/json' };
    const put = await answerOf(address, wire({ method: 'PUT', path, headers: json, body: '{' }));
    server.close();
    expect([get.status, get.body.toString()]).toEqual([200, '{"a":1}']);
    expect(put.status).toBe(400); // it does parse
    expect(seen).toHaveLength(4);
    expect([seen[0]![0] === seen[1]![0], seen[0]![1] === seen[1]![1]]).toEqual([isFast, isFast]);
  });
});

test('requests of an open loop are sent once each, whatever became of those before', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/healthz') return response.end();
    asked.push(request.url!);
    response.statusCode = request.url!.startsWith('/refused') ? 503 : 200;
    return response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const sent = (kind: 'roll' | 'read', path: string) => ({ kind, bytes: wire({ path, headers: {} }) });
  const requests = Array.from({ length: 30 }, (_, index) => [
    sent('roll', `/${index}`),
    sent('read', `/refused/${index}`),
  ]).flat();
  const fates = await come({ address, requests, perSecond: 2_000, connections: 5, mostConnections: 5 });
  server.closeAllConnections();
  server.close();
  expect(asked).toHaveLength(60);
  expect(new Set(asked).size).toBe(60);
  expect(fates.filter(isAccepted).map(([kind]) => kind)).toEqual(Array(30).fill('roll'));
  expect(fates.filter(isRefused).map(([kind]) => kind)).toEqual(Array(30).fill('read'));
});

test('a report that is still counted is asked for again, and rolls come in as long as others are asked for', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume();
    response.statusCode = request.url === '/counted' && asked.length < 3 ? 503 : 200;
    if (request.url === '/missing') response.statusCode = 404;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const size = { schools: 1, students: 600, years: 1 };
  const client = { key: '', secret: '', token: 'token' };
  const reports = asker({ address, pid: 0, stop: async () => undefined }, { ...size, url: '', client });
  await reports.firstCount('/counted');
  expect(asked.splice(0)).toEqual(Array(3).fill('GET /counted'));
  const taken = await reports.whileRollsComeIn(async () => {
    await reports.several('/report', 2);
    await pause(20);
  });
  expect(asked.filter((each) => each === 'GET /report')).toHaveLength(2);
  expect(asked).toContain('PUT /v1/sections/1/attendance');
  expect(taken).toHaveLength(asked.length - 2);
  await expect(reports.whileRollsComeIn(async () => void (await reports.ask('/missing')))).rejects.toThrow('404');
  server.closeAllConnections();
  server.close();
});

test('a round trip is once that something is said after an answer', async () => {
  const database = createTcpServer((socket) => {
    socket.on('data', (said) => {
      if (said.toString().endsWith('?')) socket.write('answer');
    });
  }).listen(0, '127.0.0.1');
  await once(database, 'listening');
  const proxy = await countRoundTrips(`postgres://u@127.0.0.1:${(database.address() as AddressInfo).port}/d`);
  const client = connect(Number(new URL(proxy.url).port), '127.0.0.1').setNoDelay();
  client.write('one ');
  await pause(20);
  client.write('two?');
  await once(client, 'data');
  client.write('three?');
  await once(client, 'data');
  expect(proxy.count()).toBe(2);
  client.destroy();
  await proxy.stop();
  database.close();
});

test('a profile says by function and module what the time went into, but for what it was idle', () => {
  const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 6 });
  const frames = [
    frame('(idle)', ''),
    frame('(garbage collector)', ''),
    frame('writeUtf8String', ''),
    frame('endReadableNT', 'node:internal/streams/readable'),
    frame('handle', `file://${root}/node_modules/router/lib/layer.js`),
    frame('open', `file://${root}/node_modules/.cache/bench/v24.0.0/node_modules/@scope/name/index.js`),
    frame('', `file://${root}/node_modules/.cache/bench/v24.0.0/dist/src/http/mount.js`),
    frame('mount', `file://${root}/dist/src/http/mount.js`),
  ];
  const nodes = frames.map((callFrame, index) => ({ id: index + 1, callFrame }));
  const samples = [1, 2, 3, 4, 5, 6, 7, 8, 8];
  const timeDeltas = [9, 1, 2, 3, 4, 5, 6, 7, 1].map((seconds) => seconds * 1e6);
  expect(profileOf({ nodes, samples, timeDeltas })).toEqual({
    seconds: 29,
    functions: [
      ['mount  dist/src/http/mount.js:7', 8],
      ['(anonymous)  dist/src/http/mount.js:7', 6],
      ['open  @scope/name/index.js:7', 5],
      ['handle  router/lib/layer.js:7', 4],
      ['endReadableNT  node:internal/streams/readable:7', 3],
      ['writeUtf8String', 2],
      ['(garbage collector)', 1],
    ],
    modules: [
      ['src/http', 14],
      ['@scope/name', 5],
      ['router', 4],
      ['node:internal/streams/readable', 3],
      ['(V8 and C++)', 2],
      ['(garbage collector)', 1],
    ],
  });
});

test('the profiles that Node writes are summarised', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-profile-'));
  const work = 'function busy() { for (const end = Date.now() + 50; Date.now() < end; ); } busy();';
  execFileSync(process.execPath, ['--cpu-prof', `--cpu-prof-dir=${folder}`, '-e', work]);
  const summary = summaryOf(folder);
  rmSync(folder, { recursive: true });
  expect(summary).toMatch(/^A process that was busy for \d+\.\d s:/);
  expect(summary).toMatch(/\| busy +\[eval\]:1 +\| \d/);
});

const answers = {
  'a body of known length': 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'an empty body': 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'no body': 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
  chunks: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3\r\n\r\n0\r\n0\r\n\r\n',
};

test.each(Object.entries(answers))('the load generator reads %s whole, wherever it is torn apart', (_what, answer) => {
  const status = Number(answer.slice(9, 12));
  for (let at = 1; at < answer.length; at++) {
    const reader = new AnswerReader();
    for (let time = 0; time < 2; time++) {
      expect(reader.push(Buffer.from(answer.slice(0, at)))).toBeUndefined();
      expect(reader.push(Buffer.from(answer.slice(at)))).toBe(status);
    }
  }
});
