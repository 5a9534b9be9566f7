import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../src/lib/root';
import { markdown } from './table';

/** As `node --cpu-prof` writes it. */
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** What a process spent its time in, itself and not what it called, in seconds; the most first. */
export interface Profile {
  /** Without what it was idle. */
  readonly seconds: number;
  readonly functions: readonly (readonly [name: string, seconds: number])[];
  readonly modules: readonly (readonly [name: string, seconds: number])[];
}

export function profileOf({ nodes, samples, timeDeltas }: CpuProfile): Profile {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const [functions, modules] = [new Map<string, number>(), new Map<string, number>()];
  let seconds = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)!;
    if (frame.functionName === '(idle)') continue;
    const taken = timeDeltas[index]! / 1e6;
    seconds += taken;
    for (const [sums, name] of [
      [functions, functionOf(frame)],
      [modules, moduleOf(frame)],
    ] as const)
      sums.set(name, (sums.get(name) ?? 0) + taken);
  }
  const sorted = (sums: Map<string, number>) => [...sums].sort(([, one], [, other]) => other - one);
  return { seconds, functions: sorted(functions), modules: sorted(modules) };
}

/** Where it is in the project, e.g. `dist/src/http/mount.js`, `express/lib/router.js`, `node:net`; empty in V8 and in C++. */
function fileOf({ url }: CallFrame): string {
  if (!url.startsWith('file:') && !url.startsWith('/')) return url;
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const [, inPackage] = /^.*\/node_modules\/((?!\.cache\/).*)$/.exec(path) ?? [];
  return inPackage ?? path.replace(`${root}/`, '').replace(/^.*\/(?=dist\/src\/)/, '');
}

function functionOf(frame: CallFrame): string {
  const file = fileOf(frame);
  const name = frame.functionName || '(anonymous)';
  return file ? `${name}  ${file}:${frame.lineNumber + 1}` : name;
}

/** A package, a folder of the source, a module of Node, or what is none of these. */
function moduleOf(frame: CallFrame): string {
  const file = fileOf(frame);
  if (!file) return frame.functionName.startsWith('(') ? frame.functionName : '(V8 and C++)';
  if (file.startsWith('node:')) return file;
  const parts = file.split('/');
  if (file.startsWith('dist/')) return parts.slice(1, -1).join('/');
  return parts.slice(0, file.startsWith('@') ? 2 : 1).join('/');
}

const [PROCESSES, LINES] = [3, 30];

/** The profiles in a folder in a few tables: of the processes that were busy longest. */
export function summaryOf(folder: string): string {
  const profiles = readdirSync(folder)
    .filter((name) => name.endsWith('.cpuprofile'))
    .map((name) => profileOf(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
    .sort((one, other) => other.seconds - one.seconds);
  return profiles.slice(0, PROCESSES).map(tablesOf).join('\n\n');
}

function tablesOf({ seconds, functions, modules }: Profile): string {
  const table = (head: string, sums: Profile['functions']) =>
    markdown([
      [head, 'of the time'],
      ...sums.slice(0, LINES).map(([name, taken]) => [name, `${((100 * taken) / seconds).toFixed(1)} %`]),
    ]);
  return [
    `A process that was busy for ${seconds.toFixed(1)} s:`,
    table('module', modules),
    table('function', functions),
  ].join('\n\n');
}
