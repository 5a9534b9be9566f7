import { lineOf, oldestSupported } from '../runtime';
import { error, type Finding, ok, warning } from './finding';

/** package.json, engines: the least version of the lines 20 and 22, and the first of the others. */
const LEAST: Readonly<Record<number, number>> = { 20: 19, 22: 12 };
const OLDEST = 20;
/** It never had long-term support, and cannot sign people in by OpenID Connect. */
const LEFT_OUT = 21;

/** Whether rollbook runs on this Node, and whether its makers still mend it. */
export function node(version = process.version, now = new Date()): Finding {
  const [line = 0, minor = 0] = version.slice(1).split('.').map(Number);
  const todo = 'Install Node 24 or 26, and then the packages anew: SQLite is built for one line of Node.';
  if (line < OLDEST || line === LEFT_OUT || minor < (LEAST[line] ?? 0))
    return error('node', `rollbook does not run on Node ${version}.`, todo);
  if (lineOf(version) < oldestSupported(now.toISOString().slice(0, 10)))
    return warning('node', `Node ${version} gets no more security fixes.`, todo);
  return ok('node', `Node ${version}`);
}

/** Whether this Node knows time zones and the order of letters in languages other than English. */
export function languages(
  supported = (language: string) => Intl.Collator.supportedLocalesOf(language).length > 0,
): Finding {
  const missing = ['es', 'sv', 'zh'].filter((language) => !supported(language));
  if (missing.length > 0)
    return error(
      'languages',
      `This Node does not know the languages ${missing.join(', ')}: names would be sorted wrongly.`,
      'Install a Node with all of ICU, as those of nodejs.org and of the distributions have it.',
    );
  return ok('languages', `ICU ${process.versions.icu}, time zones of ${process.versions.tz}`);
}
