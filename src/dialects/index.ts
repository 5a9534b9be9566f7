import type { Invariant } from '../database/invariants';
import type { Dialect } from '../http/endpoint';
import type { House } from './house';
import { osdi } from './osdi';
import { osdiInvariants } from './osdi/invariants';
import { powerschool } from './powerschool';
import { powerschoolInvariants } from './powerschool/invariants';
import { schoology } from './schoology';
import { wix } from './wix';
import { wixInvariants } from './wix/invariants';

/** The APIs that rollbook speaks. */
export const dialects = (house: House): Dialect[] => [schoology(house), ...powerschool(house), osdi(house), wix(house)];

/** What must hold of what they keep beside the ledger. */
export const dialectInvariants: readonly Invariant[] = [...powerschoolInvariants, ...osdiInvariants, ...wixInvariants];
