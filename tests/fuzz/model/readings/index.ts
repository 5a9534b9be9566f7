import { journalReading } from './journal';
import { osdiReading } from './osdi';
import { powerschoolReading } from './powerschool';
import { schoologyReading } from './schoology';
import { wixReading } from './wix';

/** All that can be read of the ledger: through each API, and its journal. */
export const readings = { schoologyReading, osdiReading, wixReading, powerschoolReading, journalReading };
