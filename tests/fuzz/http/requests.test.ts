import { openLab } from './lab';

const RUNS = process.env.ENGINE === 'sqlite' ? 3_000 : 1_000;

test('whatever any endpoint is sent: no fault, no change by a refusal, an answer in the negotiated format', async () => {
  const lab = await openLab();
  try {
    await lab.run(RUNS);
  } finally {
    await lab.close();
  }
}, 60_000);
