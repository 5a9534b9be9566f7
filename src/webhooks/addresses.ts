import { Resolver } from 'node:dns/promises';
import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';

type Address = IPv4 | IPv6;

/** Networks of the operator's own that may be called, though nobody else can reach them. */
export type Networks = readonly (readonly [Address, number])[];

/** Where somebody is not to be called; the message says why. */
export class ForbiddenAddress extends Error {}

/** All addresses of a name; none where it has none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** `10.0.0.0/8, ::1`; undefined where one of them is neither a network nor an address. */
export function networksIn(list: string): Networks | undefined {
  try {
    return list.split(',').map((each) => {
      const text = each.trim();
      if (text.includes('/')) return ipaddr.parseCIDR(text);
      const address = ipaddr.parse(text);
      return [address, address.kind() === 'ipv6' ? 128 : 32] as const;
    });
  } catch {
    return undefined;
  }
}

/** Beside what ipaddr.js knows: benchmarking (RFC 2544), which is no part of the internet. */
const benchmarking = ipaddr.parseCIDR('198.18.0.0/15');
/** RFC 4291, 2.4, and IANA's registry: all that is given out of IPv6 to be reached from anywhere. */
const globalUnicast = ipaddr.parseCIDR('2000::/3');

/** Whether anybody on the internet can be at the address, and nobody else: not this machine, nor its networks. */
function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv6' ? isWithin(address, [globalUnicast]) : !isWithin(address, [benchmarking]);
}

const isWithin = (address: Address, networks: Networks): boolean =>
  networks.some(
    ([network, bits]) => network.kind() === address.kind() && (address as IPv6).match(network as IPv6, bits),
  );

/** Throws ForbiddenAddress where the address is not public, nor in one of the networks; in plain text, where it is in none. */
export function checkAddress(text: string, protocol: string, networks: Networks): void {
  const address = ipaddr.process(text); // ::ffff:10.0.0.1 is 10.0.0.1
  if (isWithin(address, networks)) return;
  if (!isPublic(address))
    throw new ForbiddenAddress(`Its address ${address} is not one of the internet, and not in WEBHOOK_ALLOW.`);
  if (protocol !== 'https:')
    throw new ForbiddenAddress(`Its address ${address} is not in WEBHOOK_ALLOW, so that it needs https.`);
}

/** The address that a host is of itself, without asking anybody; undefined of a name. RFC 6761, 6.3: `localhost` is loopback. */
export function literalOf(hostname: string): string | undefined {
  if (/(^|\.)localhost\.?$/.test(hostname)) return '127.0.0.1';
  const bare = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? bare : undefined;
}

/**
 * The addresses of a URL, asked for once. All of them are checked, so that it does not matter which of them answers. Throws
 * ForbiddenAddress where one of them is not to be called.
 */
export async function addressesOf(url: URL, networks: Networks, resolve: Resolve): Promise<readonly string[]> {
  const literal = literalOf(url.hostname);
  const addresses = literal === undefined ? await resolve(url.hostname) : [literal];
  for (const address of addresses) checkAddress(address, url.protocol, networks);
  return addresses;
}

/** How long a name server may take, in milliseconds, and how often it is asked. */
const PATIENCE = { timeout: 3_000, tries: 2 };

/** Asks name servers themselves: the system's own look-up holds a thread of the process, of which there are four. */
export const resolveName: Resolve = async (name) => {
  const resolver = new Resolver(PATIENCE);
  const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
};
