import type { Api } from '../http/endpoint';
import type { Dependencies } from './dependencies';
import { osdi } from './osdi';
import { powerschool } from './powerschool';
import { rollbook } from './rollbook';
import { schoology } from './schoology';
import { wix } from './wix';

/** The APIs that rollbook speaks. */
export const apis = (dependencies: Dependencies): Api[] => [
  schoology(dependencies),
  ...powerschool(dependencies),
  osdi(dependencies),
  wix(dependencies),
  ...rollbook(dependencies),
];
