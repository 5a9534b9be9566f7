import { parseArgs } from 'node:util';
import { apis, type XmlApi } from '../apis';
import type { Attack } from '../attack';
import { corpus } from '../corpus';
import { type Cost, type Lab, openLab, type Request } from './lab';

/** A body may cost as much as it wants up to here, and beyond it so many times what a good one of its size does. */
const FREE = { cpu: 100, memory: 50 };
const MOST = { cpu: 5, memory: 2 };
/** Below this size they are small, and measured one after the other in one process. */
const SMALL = 16 * 1_024;

interface Row {
  readonly name: string;
  readonly size: number;
  readonly cost: Cost;
  readonly good: Cost;
  readonly faults: readonly string[];
}

const ids = { section: 1, enrollment: 1, student: 1, code: 1 };

/** As many items as make up a size, up to 8,000; then their comments grow. */
function good(api: XmlApi, size: number): Request {
  const { length } = api.content(ids)();
  const items = Math.max(1, Math.min(8_000, Math.floor(size / length)));
  const comment = 'x'.repeat(Math.max(0, Math.floor(size / items) - length));
  const body = `<r>${api.content(ids, items)(comment)}</r>`;
  return { method: api.method.toUpperCase(), path: api.path(ids), type: 'text/xml', body: Buffer.from(body) };
}

const requestOf = (api: XmlApi, { bytes, type }: Attack, size: number): Request => ({
  ...good(api, 0),
  type,
  body: bytes(api.content(ids), size),
});

/** In a process of its own, since what a process has needed at most never falls. */
async function costAlone(lab: Lab, api: XmlApi, request: Request): Promise<Cost> {
  const service = await lab.start(good(api, 100_000));
  const cost = await service.cost(request);
  await service.stop();
  return cost;
}

function faultsOf({ outcome }: Attack, cost: Cost, good: Cost): string[] {
  const wrong = typeof outcome === 'string' ? cost.status >= 500 : cost.status !== outcome[0];
  const over = (what: 'cpu' | 'memory') => cost[what] > Math.max(FREE[what], MOST[what] * good[what]);
  return [...(wrong ? ['status'] : []), ...(over('cpu') ? ['cpu'] : []), ...(over('memory') ? ['memory'] : [])];
}

async function measured(lab: Lab, api: XmlApi, size: number): Promise<Row[]> {
  const rows: Row[] = [];
  const row = (attack: Attack, request: Request, cost: Cost, good: Cost) =>
    rows.push({ name: attack.name, size: request.body.length, cost, good, faults: faultsOf(attack, cost, good) });
  const requests = corpus.map((attack) => ({ attack, request: requestOf(api, attack, size) }));
  const isSmall = ({ request }: { request: Request }) => request.body.length < SMALL;

  const shared = await lab.start(good(api, 100_000));
  for (const { attack, request } of requests.filter(isSmall)) {
    const like = await shared.cost(good(api, request.body.length), 10);
    row(attack, request, await shared.cost(request, 10), like);
  }
  await shared.stop();
  const known = new Map<number, Cost>();
  for (const { attack, request } of requests.filter((each) => !isSmall(each))) {
    const rounded = Math.round(request.body.length / 100_000) * 100_000;
    if (!known.has(rounded)) known.set(rounded, await costAlone(lab, api, good(api, rounded)));
    row(attack, request, await costAlone(lab, api, request), known.get(rounded)!);
  }
  return rows;
}

const figure = (value: number) => value.toFixed(value < 10 ? 1 : 0).padStart(6);

function print({ name, size, cost, good, faults }: Row): string {
  const kilobytes = `${figure(size / 1_000)} KB`;
  const cpu = `${figure(cost.cpu)} ms ${figure(cost.cpu / good.cpu)} x`;
  const memory = `${figure(cost.memory)} MB, good ${figure(good.memory)} MB`;
  return `${name.slice(0, 72).padEnd(72)} ${kilobytes} ${cost.status} ${cpu}  ${memory}  ${faults.join(' ') || 'ok'}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { size: { type: 'string', default: '1' } } });
  const lab = await openLab();
  let failed = 0;
  for (const api of apis) {
    const rows = await measured(lab, api, Number(values.size) * 1_000_000);
    const wrong = rows.filter(({ faults }) => faults.length > 0);
    failed += wrong.length;
    console.log(`\n${api.name}: ${rows.length} bodies, ${wrong.length} over the limit\n${rows.map(print).join('\n')}`);
  }
  lab.close();
  if (failed > 0) process.exitCode = 1;
}

void main();
