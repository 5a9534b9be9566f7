import ipaddr from 'ipaddr.js';

/**
 * Whom an address stands for. RFC 6177: a site has at least a /64 of IPv6, whose addresses it can change at will; an
 * IPv4 address is itself, also where it comes mapped into IPv6.
 */
export function siteOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  return 'parts' in parsed ? `${parsed.parts.slice(0, 4).join(':')}::/64` : parsed.toString();
}
