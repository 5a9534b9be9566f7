import type { Dialect } from '../http/endpoint';
import type { House } from './house';
import { osdi } from './osdi';
import { schoology } from './schoology';
import { wix } from './wix';

/** The APIs that rollbook speaks. */
export const dialects = (house: House): Dialect[] => [schoology(house), osdi(house), wix(house)];
