import { Router } from 'express';

/** `/healthz`: the process answers. `/readyz`: it can do its work, which it cannot while it stops. */
export function health(ready: () => Promise<boolean>): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  router.get('/readyz', async (_request, response) => {
    const ok = await ready().catch(() => false);
    if (!ok) response.set('Retry-After', '1');
    response.status(ok ? 200 : 503).json({ status: ok ? 'ready' : 'unavailable' });
  });
  return router;
}
