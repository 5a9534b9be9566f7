import type { Dialect } from '../http/endpoint';
import type { House } from './house';
import { powerschool } from './powerschool';
import { schoology } from './schoology';

/** The APIs that rollbook speaks. */
export const dialects = (house: House): Dialect[] => [schoology(house), ...powerschool(house)];
