import { runs } from '../../runs';
import { runSequences } from './sequences';

const RUNS = runs(15);

test('after any writes through all APIs, each reads what the ledger is to hold, and the journal leads there', async () => {
  await runSequences(RUNS);
}, 60_000);
