/** Which addresses this service may connect to when somebody else chose them. */
import ipaddr from 'ipaddr.js';
import { AppError } from '../../core/errors.ts';

/** Global unicast: https://www.iana.org/assignments/ipv6-address-space. Everything beside it is special in some way. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/** Public by their range, yet answered by the cloud that a machine runs in. */
const INSIDE_CLOUDS: readonly string[] = [
  // https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  '168.63.129.16',
];

type Network = ReturnType<typeof ipaddr.parseCIDR>;

/** @throws OPTION_INVALID where one is no network */
export function parseNetworks(networks: readonly string[], option: string): readonly Network[] {
  return networks.map((network) => {
    if (ipaddr.isValidCIDR(network)) return ipaddr.parseCIDR(network);
    throw new AppError('OPTION_INVALID', `Expected a network such as 10.2.0.0/16 for ${option}, received ${network}.`, {
      details: { option },
    });
  });
}

const contains = (network: Network, address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  network[0].kind() === address.kind() && address.match(network);

/**
 * Whether an address may be connected to: public, or in one of the networks that are allowed.
 * @param address IPv4 or IPv6; anything else is not
 */
export function isAllowed(address: string, networks: readonly Network[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  // Written as IPv6, an IPv4 address is what it is: ::ffff:10.0.0.1.
  const parsed = ipaddr.process(address);
  if (networks.some((network) => contains(network, parsed))) return true;
  // Private, loopback, link-local (with the metadata of clouds), shared by carriers, multicast, tunnels, reserved.
  if (parsed.range() !== 'unicast') return false;
  if (parsed.kind() === 'ipv6') return contains(GLOBAL_IPV6, parsed);
  return !INSIDE_CLOUDS.includes(parsed.toString());
}
