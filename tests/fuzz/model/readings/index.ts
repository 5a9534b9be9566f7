import { checkReading } from './check';
import { journalReading } from './journal';
import { marksReading } from './marks';
import { osdiReading } from './osdi';
import { powerschoolReading } from './powerschool';
import { reportReading } from './report';
import { rollsReading } from './rolls';
import { schoologyReading } from './schoology';
import { wixReading } from './wix';

/** All that can be read of the ledger: through each API, the rolls, their report, the journal, and what `check` finds. */
export const readings = {
  journalReading,
  checkReading,
  schoologyReading,
  osdiReading,
  wixReading,
  powerschoolReading,
  marksReading,
  rollsReading,
  reportReading,
};
