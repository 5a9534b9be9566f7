import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { root } from '../../../src/lib/root';

/** A Node, and the rollbook that runs on it. */
export interface Runtime {
  readonly node: string;
  /** Its options. */
  readonly flags: readonly string[];
  readonly version: string;
  readonly main: string;
}

/** Below the folder of a project, or of a copy of it. */
const MAIN = 'dist/src/cli/main.js';

/** The Node that this process runs on. */
export const own: Runtime = {
  node: process.execPath,
  flags: [],
  version: process.version,
  main: join(root, MAIN),
};

export const majorOf = ({ version }: Pick<Runtime, 'version'>): number => Number.parseInt(version.slice(1), 10);

/** Another Node by its path. */
export function runtimeOf(node: string): Runtime {
  const asked = execFileSync(node, ['-p', 'JSON.stringify([process.version, process.versions.modules])']);
  const [version, abi]: string[] = JSON.parse(asked.toString());
  const runtime = { ...own, node, version: version! };
  // better-sqlite3 is compiled: what one Node loads, another loads only if both have the same ABI.
  return abi === process.versions.modules ? runtime : { ...runtime, main: join(copyFor(runtime), MAIN) };
}

/**
 * A copy of what is built, with dependencies of its own by the same lock file. They are installed by that Node once for each
 * lock file, below `node_modules`, which `npm ci` empties.
 */
function copyFor({ node, version }: Runtime): string {
  const home = join(root, 'node_modules/.cache/bench', version);
  const lock = 'package-lock.json';
  const textOf = (folder: string) => readFileSync(join(folder, lock), 'utf8');
  if (!existsSync(join(home, lock)) || textOf(home) !== textOf(root)) {
    console.error(`Installing for Node ${version} in ${home}`);
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    for (const name of ['package.json', lock]) cpSync(join(root, name), join(home, name));
    symlinkSync(join(root, 'db'), join(home, 'db'));
    try {
      install(node, home);
    } catch (error) {
      rmSync(home, { recursive: true }); // half of it is none
      throw error;
    }
  }
  rmSync(join(home, 'dist'), { recursive: true, force: true });
  cpSync(join(root, 'dist'), join(home, 'dist'), { recursive: true });
  return home;
}

/** By the npm that runs this, on the Node that it installs for, with that Node's headers where they lie beside it. */
function install(node: string, home: string): void {
  const npm = process.env.npm_execpath;
  if (!npm) throw new Error('Start the benchmark by `npm run bench`.');
  const beside = dirname(dirname(node));
  execFileSync(node, [npm, 'ci', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: home,
    env: {
      ...process.env,
      PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
      ...(existsSync(join(beside, 'include/node')) && { npm_config_nodedir: beside }),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
