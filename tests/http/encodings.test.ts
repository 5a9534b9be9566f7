import { type Api, openApi } from '../api';
import { apis } from './apis';

/** What a body may be encoded by, the same on every runtime. */
let api: Api;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

describe.each(apis)('$name', ({ send }) => {
  const rest = (body: string, encoding: string) => send(api, body).set('Content-Encoding', encoding);

  test.each(['zstd', 'x-gzip', 'compress', 'gzip, gzip', 'dcb', 'nothing'])(
    'refuses %s, whether or not the runtime knows it, and says what would do',
    async (encoding) => {
      const { status, headers } = await rest('x', encoding);
      expect([status, headers['accept-encoding']]).toEqual([415, 'gzip, deflate, br']);
    },
  );

  test.each(['gzip', 'deflate', 'br', 'GZIP'])('refuses what %s does not make sense of', async (encoding) => {
    for (const body of ['x', '\u001f\u008b', 'x'.repeat(70_000)]) {
      const { status, text } = await rest(body, encoding);
      const why = `The body could not be decompressed: it is not whole, or not ${encoding.toLowerCase()}.`;
      expect([status, text]).toEqual([400, expect.stringContaining(why)]);
    }
  });
});
