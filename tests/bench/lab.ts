import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Constant } from './limits/express';
import type { Arrivals, Fate } from './load/arrivals';
import type { Load, LoadResult } from './load/load';
import { type Address, type Server, serve } from './processes/rollbook';
import type { Runtime } from './processes/runtime';
import { startWorker, type Worker } from './processes/worker';
import { buildSchool, fileOf, type School, type Size } from './school/build';

export interface LabOptions {
  /** In minutes rather than in the better part of an hour: shorter rounds, fewer of them, smaller databases. */
  readonly quick: boolean;
  /** Where databases and bundles are put; its disk is the one that is measured. */
  readonly scratch: string;
  /** Where Directus is installed. */
  readonly directus?: string | undefined;
}

/** A place on disk and a load generator, and the labs of rows. */
export type Labs = Awaited<ReturnType<typeof openLabs>>;

/** What a row needs to measure: a place on disk, databases, servers, limits and load. All of it ends with the row. */
export type Lab = ReturnType<Labs['on']>;

export async function openLabs({ quick, scratch, directus }: LabOptions) {
  const home = mkdtempSync(join(scratch, 'rollbook-bench-'));
  const generator = startWorker<Load, LoadResult>(require.resolve('./load/generator'));
  const running: { stop(): Promise<unknown> }[] = [];
  let files = 0;
  let small: Promise<School> | undefined;

  const keep = <Started extends { stop(): Promise<unknown> }>(started: Started): Started => {
    running.push(started);
    return started;
  };
  const path = (name: string) => join(home, `${++files}-${name}`);
  const build = (size: Size): Promise<School> => buildSchool(`sqlite:${path('school.db')}`, size);

  /** Stops what a row has started, and removes its files. */
  async function clear(): Promise<void> {
    for (const each of running.splice(0).reverse()) await each.stop();
    const kept = small && fileOf(await small);
    for (const name of readdirSync(home))
      if (join(home, name) !== kept) rmSync(join(home, name), { recursive: true, force: true });
  }

  return {
    clear,

    async close(): Promise<void> {
      await clear();
      await generator.stop();
      rmSync(home, { recursive: true, force: true });
    },

    /** The lab of rows whose services and limits run on a Node. */
    on(runtime: Runtime) {
      const limit = <Job, Result>(name: string): Worker<Job, Result> =>
        keep(startWorker<Job, Result>(require.resolve(`./limits/${name}`), runtime.node));
      return {
        quick,
        runtime,
        directus,
        rounds: quick ? 3 : 5,
        /** How long the load of one round lasts. */
        seconds: quick ? 0.75 : 3,
        keep,
        path,
        limit,
        load: (load: Load) => generator.ask(load),

        /** Requests that come when they come, whether or not those before them were answered. */
        come: (arrivals: Arrivals): Promise<Fate[]> =>
          keep(startWorker<Arrivals, Fate[]>(require.resolve('./load/open-loop'))).ask(arrivals),

        build,

        /** A copy of its own of the school with 100,000 marks. */
        async school(): Promise<School> {
          small ??= build({ marks: 100_000 });
          const built = await small;
          const copy = path('copy.db');
          copyFileSync(fileOf(built), copy);
          return { ...built, url: `sqlite:${copy}` };
        },

        serve: async (url: string, ...options: string[]): Promise<Server> =>
          keep(await serve(url, options, {}, runtime)),

        /** With some of the environment set. */
        serveWith: async (env: NodeJS.ProcessEnv, url: string): Promise<Server> =>
          keep(await serve(url, [], env, runtime)),

        /** Express 5, answering these bytes. */
        express: (constant: Constant): Promise<Address> => limit<Constant, Address>('express').ask(constant),
      };
    },
  };
}
