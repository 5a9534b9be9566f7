import { Router } from 'express';

/** Whether the service can do its work; `read-only`: it answers reads alone. */
export type Readiness = 'ready' | 'read-only' | 'unavailable';

/** How long it may take to find out, in milliseconds: balancers wait for one to three seconds. */
const LIMIT = 2_000;

/** `/healthz`: the process answers. `/readyz`: it can do its work, which it cannot while it stops. */
export function health(readiness: () => Promise<Readiness>): Router {
  const router = Router();
  const limited = withinLimit(() => readiness().catch((): Readiness => 'unavailable'));
  router.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  router.get('/readyz', async (_request, response) => {
    const status = await limited();
    if (status !== 'ready') response.set('Retry-After', '1');
    response.status(status === 'ready' ? 200 : 503).json({ status });
  });
  return router;
}

/** The same, found out once for all who ask meanwhile; `unavailable` as long as that takes longer than it may. */
function withinLimit(readiness: () => Promise<Readiness>): () => Promise<Readiness> {
  let asked: Promise<Readiness> | undefined;
  return () => {
    asked ??= limitedOnce();
    return asked;
  };

  function limitedOnce(): Promise<Readiness> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve('unavailable'), LIMIT);
      void readiness().then((status) => {
        clearTimeout(late);
        asked = undefined;
        resolve(status);
      });
    });
  }
}
