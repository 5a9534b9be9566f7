import type { Invariant } from '../database/invariants';
import type { Holding } from '../holding';
import { osdiHoldings, osdiPeopleNames } from './osdi/holdings';
import { osdiInvariants } from './osdi/invariants';
import { powerschoolHoldings } from './powerschool/holdings';
import { powerschoolInvariants } from './powerschool/invariants';
import { wixHoldings } from './wix/holdings';
import { wixInvariants } from './wix/invariants';

// Apart from the APIs themselves: commands that serve nothing would wait for them to load.

/** What must hold of what they keep beside the ledger. */
export const dialectInvariants: readonly Invariant[] = [...powerschoolInvariants, ...osdiInvariants, ...wixInvariants];
/** What they keep of a person beside the ledger. */
export const dialectHoldings: readonly Holding[] = [...powerschoolHoldings, ...osdiHoldings, ...wixHoldings];
/** SQL for what other systems call the people of a `:district` whom they have added: `person_id`, and a `name` without that of the system. */
export const peopleNames: readonly string[] = [osdiPeopleNames];
/** The tables in which APIs keep something of enrollments on days. */
export const besideTables: readonly string[] = [
  ...new Set(dialectHoldings.flatMap(({ table, daily }) => (daily === 'enrollment' ? [table] : []))),
];
