import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import compression from 'compression';
import express, { type RequestHandler, type Response, Router } from 'express';
import { lazy } from '../lib/lazy';
import { codingFor } from './coding';

/** Of other sites, as sources of CSP: who may show a page in a frame, and where its forms may go. */
interface Beside {
  readonly ancestors: readonly string[];
  readonly forms: readonly string[];
}

/** Nothing inline, nothing from elsewhere, in nobody's frame but those of these origins (CSP Level 3). */
const policyFor = ({ ancestors, forms }: Beside) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    ["form-action 'self'", ...forms].join(' '),
    `frame-ancestors ${ancestors.join(' ') || "'none'"}`,
  ].join('; ');
const nobody: Beside = { ancestors: [], forms: [] };
const policy = policyFor(nobody);

/** Swagger UI has its pictures in its style sheet. */
const docsPolicy = policy.replace("img-src 'self'", "img-src 'self' data:");

const endings = { br: '.br', gzip: '.gz' } as const;

/** Sends what was compressed when it was built, as assets of some size are, to who takes it. */
function precompressed(folder: string): RequestHandler {
  const there = lazy(() => (existsSync(folder) ? readdirSync(folder) : []));
  return (request, response, next) => {
    const coding = codingFor(request.headers['accept-encoding']);
    const file = coding && request.path.slice(1) + endings[coding];
    if (file && there().includes(file)) {
      response.type(request.path.split('.').at(-1)!);
      response.setHeader('Content-Encoding', coding);
      response.vary('Accept-Encoding');
      request.url = `/${file}`;
    }
    next();
  };
}

/** The pages that others may show in a frame, and that send forms to them: of whom, the address says. */
const FRAMED = ['/', '/launched'];

/** What the address says of it: `?platform=3`, the id of a platform, or `?framing=...`, which the service has signed. */
interface Framed {
  readonly platform: number | undefined;
  readonly framing: string | undefined;
}

/**
 * The pages that ship with rollbook, as they were built into a folder. Names of assets change with what is in them.
 * @param besideOf the origins that may show them in a frame and be sent forms
 */
export function pages(folder: string, besideOf: (of: Framed) => Promise<Beside | undefined>): Router {
  const router = Router();
  router.get(FRAMED, async ({ query: { platform, framing } }, response, next) => {
    const isId = typeof platform === 'string' && /^[1-9]\d{0,14}$/.test(platform);
    const of = {
      platform: isId ? Number(platform) : undefined,
      framing: typeof framing === 'string' ? framing : undefined,
    };
    if (of.platform !== undefined || of.framing !== undefined) response.locals.beside = await besideOf(of);
    next();
  });
  router.use('/assets', precompressed(join(folder, 'assets')));
  router.use(compression());
  // What the page refers to is beside it: `docs/` would have it looked for below. RFC 9110, 15.4.9: it is asked for as it was.
  router.get('/docs', ({ path }, response, next) => {
    if (path.endsWith('/')) response.redirect(308, '../docs');
    else next();
  });
  router.use(
    express.static(folder, {
      redirect: false, // of folders, of which there are no pages
      extensions: ['html'], // of `/docs`
      setHeaders(response, path) {
        const { beside = nobody } = (response as Response).locals;
        response.setHeader('Content-Security-Policy', path.endsWith('docs.html') ? docsPolicy : policyFor(beside));
        // RFC 7034 has no word for some origins; CSP, 6.4.2: where there is frame-ancestors, X-Frame-Options counts for nothing.
        if (beside.ancestors.length > 0) response.removeHeader('X-Frame-Options');
        response.setHeader(
          'Cache-Control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    }),
  );
  return router;
}
