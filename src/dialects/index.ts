import type { Invariant } from '../database/invariants';
import type { Holding } from '../holding';
import type { Dialect } from '../http/endpoint';
import type { House } from './house';
import { osdi } from './osdi';
import { osdiHoldings } from './osdi/holdings';
import { osdiInvariants } from './osdi/invariants';
import { powerschool } from './powerschool';
import { powerschoolHoldings } from './powerschool/holdings';
import { powerschoolInvariants } from './powerschool/invariants';
import { rollbook } from './rollbook';
import { schoology } from './schoology';
import { wix } from './wix';
import { wixHoldings } from './wix/holdings';
import { wixInvariants } from './wix/invariants';

/** The APIs that rollbook speaks. */
export const dialects = (house: House): Dialect[] => [
  schoology(house),
  ...powerschool(house),
  osdi(house),
  wix(house),
  ...rollbook(house),
];

/** What must hold of what they keep beside the ledger. */
export const dialectInvariants: readonly Invariant[] = [...powerschoolInvariants, ...osdiInvariants, ...wixInvariants];
/** What they keep of a person beside the ledger. */
export const dialectHoldings: readonly Holding[] = [...powerschoolHoldings, ...osdiHoldings, ...wixHoldings];
