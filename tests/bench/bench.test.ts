import { readFileSync } from 'node:fs';
import { AnswerReader } from './load/reader';
import { page, withTable } from './page';
import { above, ratio, stated } from './row';
import { rows } from './rows';
import { tableOf } from './table';

/** What can be said of the benchmark without running it. */

test('it has the rows B1 to B14, in order', () => {
  const ids = Array.from({ length: 14 }, (_, index) => `B${index + 1}`);
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
  const cells = tableOf(outcomes)
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

test('docs/benchmark.md has a place for the table', () => {
  expect(withTable(readFileSync(page, 'utf8'), 'the table')).toContain('\nthe table\n');
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
