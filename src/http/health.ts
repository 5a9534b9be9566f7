import { Router } from 'express';

/** Whether the service can do its work; `read-only`: it answers reads alone. */
export type Readiness = 'ready' | 'read-only' | 'unavailable';

/** `/healthz`: the process answers. `/readyz`: it can do its work, which it cannot while it stops. */
export function health(readiness: () => Promise<Readiness>): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  router.get('/readyz', async (_request, response) => {
    const status = await readiness().catch((): Readiness => 'unavailable');
    if (status !== 'ready') response.set('Retry-After', '1');
    response.status(status === 'ready' ? 200 : 503).json({ status });
  });
  return router;
}
