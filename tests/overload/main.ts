import { tmpdir } from 'node:os';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { openLabs } from '../bench/lab';
import { own } from '../bench/processes/runtime';
import { type Engine, openBench } from './bench';
import { busy } from './busy';
import { closed } from './closed';
import { print } from './finding';
import { open } from './open';

const sections = { closed, open, busy };
type Section = keyof typeof sections;

interface Options {
  readonly engine?: Engine;
  readonly seconds?: number;
}

new Command('npm run test:overload --')
  .description('Shows what rollbook does under load as it is shipped. Takes a machine that does nothing else.')
  .addArgument(new Argument('[sections...]', 'some of it').choices(Object.keys(sections)))
  .option('--engine <engine>', 'sqlite or postgres; both without it', engineOf)
  .option('--seconds <n>', 'how long each load lasts: 60 in a closed loop, else 30, without it', secondsOf)
  .action(measure)
  .parseAsync();

function engineOf(text: string): Engine {
  if (text === 'sqlite' || text === 'postgres') return text;
  throw new InvalidArgumentError('It must be sqlite or postgres.');
}

function secondsOf(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number from 1 to 999.');
}

/** Exit code 1 where it is not as promised. */
async function measure(chosen: readonly Section[], { engine, seconds }: Options): Promise<void> {
  let isMet = true;
  for (const each of engine ? [engine] : (['sqlite', 'postgres'] as const))
    for (const section of chosen.length > 0 ? chosen : (Object.keys(sections) as Section[])) {
      const labs = await openLabs({ quick: true, scratch: tmpdir() });
      try {
        const bench = await openBench(labs.on(own), each, seconds);
        isMet = print(`${each}: ${section}`, await sections[section](bench)) && isMet;
      } finally {
        await labs.close();
      }
    }
  process.exitCode = isMet ? 0 : 1;
}
