import type { Dialect } from '../http/endpoint';
import type { House } from './house';
import { osdi } from './osdi';
import { powerschool } from './powerschool';
import { rollbook } from './rollbook';
import { schoology } from './schoology';
import { wix } from './wix';

/** The APIs that rollbook speaks. */
export const dialects = (house: House): Dialect[] => [
  schoology(house),
  ...powerschool(house),
  osdi(house),
  wix(house),
  ...rollbook(house),
];
