import type { Call, Endpoint } from '../../http/endpoint';
import { documentOf, documentReply, linkTo, NAMESPACE } from './hal';
import { MAX_PAGE_SIZE } from './paging';

/** The API entry point of aep.md: readable by all, since a known client sends no token here. */
export const entryEndpoint: Endpoint = {
  method: 'GET',
  path: '/',
  schemas: { reply: 'osdi/entry.reply' },
  handle: async (call) => documentReply(200, documentOf(entryPoint(call), call)),
};

/** No other rel of `osdi:` than these two: the same client stops at one that it does not know. */
const entryPoint = (call: Call) => ({
  motd: 'Attendance of schools: events are meetings of sections.',
  max_pagesize: MAX_PAGE_SIZE,
  vendor_name: NAMESPACE,
  product_name: NAMESPACE,
  osdi_version: '1.1.1',
  namespace: NAMESPACE,
  _links: {
    self: linkTo(call, '/'),
    docs: linkTo(call, '/docs'),
    'osdi:people': linkTo(call, '/people'),
    'osdi:events': linkTo(call, '/events'),
  },
});
