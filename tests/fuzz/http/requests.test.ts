import { runs } from '../../runs';
import { openLab } from './lab';

const RUNS = runs(1_000);

test('whatever any endpoint is sent: no fault, no change by a refusal, an answer in the negotiated format', async () => {
  const lab = await openLab();
  try {
    await lab.run(RUNS);
  } finally {
    await lab.close();
  }
}, 60_000);
