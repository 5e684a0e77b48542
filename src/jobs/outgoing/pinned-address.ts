/** A name is looked up once, and the connection goes to what was looked at: another answer later changes nothing. */
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { AppError } from '../../core/errors.ts';
import { isAllowed, type parseNetworks } from './address-rules.ts';

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

const resolveBySystem: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address);

export interface PinnedAddress {
  readonly addresses: readonly string[];
  /** For `http.request`: gives the same addresses, whatever is asked for. */
  readonly lookup: LookupFunction;
}

/** What of an address decides where a connection goes. */
export interface AddressLimits {
  readonly networks: ReturnType<typeof parseNetworks>;
  /** Ports that may be connected to. */
  readonly ports: readonly number[];
  /** Names that may be connected to; `*` any, `*.example.com` those below; left out: any. */
  readonly hosts?: readonly string[] | undefined;
}

const forbidden = (url: URL, why: string, hint?: string): AppError =>
  new AppError('ADDRESS_FORBIDDEN', `${url.protocol}//${url.host} may not be connected to: ${why}.`, {
    ...(hint === undefined ? {} : { hint }),
  });

const isListed = (hostname: string, hosts: readonly string[]): boolean =>
  hosts.some(
    (host) => host === '*' || host === hostname || (host.startsWith('*.') && hostname.endsWith(host.slice(1))),
  );

/** Reads an address. @throws ADDRESS_FORBIDDEN for anything but http(s) without a user and a password */
export function parseAddress(address: string | URL): URL {
  const text = String(address);
  if (!URL.canParse(text)) throw new AppError('ADDRESS_FORBIDDEN', 'Expected an http(s) address.');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError('ADDRESS_FORBIDDEN', `Expected an http(s) address, received ${url.protocol}`);
  }
  if (url.username !== '' || url.password !== '') throw forbidden(url, 'it has a user or a password in it');
  return url;
}

/**
 * Looks a name up and checks every address it has.
 * @throws ADDRESS_FORBIDDEN; REMOTE_FAILED, retryable, where the name is not known
 */
export async function pinAddress(
  url: URL,
  { networks, ports, hosts }: AddressLimits,
  resolve: Resolve = resolveBySystem,
): Promise<PinnedAddress> {
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  if (hosts !== undefined && !isListed(hostname, hosts)) throw forbidden(url, 'it is not in the list of hosts');
  if (!ports.includes(port)) throw forbidden(url, `port ${port} is not among ${ports.join(', ')}`);
  const addresses = isIP(hostname) ? [hostname] : await lookUp(hostname, resolve);
  if (!addresses.every((address) => isAllowed(address, networks))) {
    throw forbidden(
      url,
      'it is, or leads to, a private or special network',
      'Whoever runs the service can allow named networks.',
    );
  }
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  const first = all[0];
  if (first === undefined) throw unknownName(hostname);
  return {
    addresses,
    lookup: (_hostname, options, done) => {
      if (options.all) done(null, all);
      else done(null, first.address, first.family);
    },
  };
}

async function lookUp(hostname: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(hostname);
  } catch (cause) {
    throw unknownName(hostname, cause);
  }
}

const unknownName = (hostname: string, cause?: unknown): AppError =>
  new AppError('REMOTE_FAILED', `The name ${hostname} is not known.`, { cause, retryable: true });
