import type { Dialect } from '../http/endpoint';
import type { House } from './house';
import { schoology } from './schoology';

/** The APIs that rollbook speaks. */
export const dialects = (house: House): Dialect[] => [schoology(house)];
