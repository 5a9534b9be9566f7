import type { Invariant } from '../database/invariants';
import type { PersonalData } from '../database/personal-data';
import { ltiPersonalData } from './lti/tables';
import { osdiInvariants, osdiPeopleNames, osdiPersonalData } from './osdi/tables';
import { powerschoolInvariants, powerschoolPersonalData } from './powerschool/tables';
import { schoologyInvariants, schoologyPersonalData } from './schoology/tables';
import { wixInvariants, wixPersonalData } from './wix/tables';

// Apart from the APIs themselves: commands that serve nothing would wait for them to load.

/** What must hold of what they keep beside the ledger. */
export const apiInvariants: readonly Invariant[] = [
  ...powerschoolInvariants,
  ...osdiInvariants,
  ...wixInvariants,
  ...schoologyInvariants,
];
/** What they keep of a person beside the ledger. */
export const apiPersonalData: readonly PersonalData[] = [
  ...powerschoolPersonalData,
  ...osdiPersonalData,
  ...wixPersonalData,
  ...schoologyPersonalData,
  ...ltiPersonalData,
];
/** SQL for what other systems call the people of a `:district` whom they have added: `person_id`, and a `name` without that of the system. */
export const peopleNames: readonly string[] = [osdiPeopleNames];
