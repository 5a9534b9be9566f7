/*
 * `src/apis/`: The APIs, one folder each, and the list of them. `tables.ts` lists what they store beside the ledger;
 * `dependencies.ts` is what each of them is given.
 */
import type { Api } from '../http/endpoint';
import type { Dependencies } from './dependencies';
import { lti } from './lti';
import { osdi } from './osdi';
import { powerschool } from './powerschool';
import { rollbook } from './rollbook';
import { schoology } from './schoology';
import { wix } from './wix';

/** The APIs that rollbook speaks. */
export const apis = (dependencies: Dependencies): Api[] => {
  const others = [schoology(dependencies), ...powerschool(dependencies), osdi(dependencies), wix(dependencies)];
  return [...others, ...rollbook(dependencies, others, lti(dependencies))];
};
