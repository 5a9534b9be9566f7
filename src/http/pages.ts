import compression from 'compression';
import express, { Router } from 'express';

/** Nothing inline, nothing from elsewhere, in nobody's frame (CSP Level 3). */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The pages that ship with rollbook, as they were built into a folder. Names of assets change with what is in them. */
export function pages(folder: string): Router {
  const router = Router();
  router.use(compression());
  router.use(
    express.static(folder, {
      setHeaders(response, path) {
        response.setHeader('Content-Security-Policy', policy);
        response.setHeader(
          'Cache-Control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    }),
  );
  return router;
}
