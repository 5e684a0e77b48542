/**
 * The user of this machine needs no key. What a page in his browser sends comes from this machine, too: a name that leads
 * here (DNS rebinding), and another page's requests (CSRF) are told by the headers that pages cannot change.
 */
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { LOCAL_TENANT } from '../../jobs/job.ts';
import type { Caller } from './caller.ts';

const LOCAL_CALLER: Caller = {
  tenant: LOCAL_TENANT,
  owner: LOCAL_TENANT,
  scopes: ['admin'],
  limits: {},
  kind: 'local',
};

const NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** What proxies add: whoever they speak for is somewhere else. */
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/** Whether nobody outside of this machine can connect to a host that is listened on. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || (ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'loopback');
}

/** @param origins that may call the API beside its own; @param port it listens on, undefined while it does not */
export function localCaller(
  { headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>,
  origins: readonly string[],
  port: number | undefined,
): Caller | undefined {
  if (socket.remoteAddress !== undefined && !isLoopback(socket.remoteAddress)) return undefined;
  if (PROXY_HEADERS.some((name) => headers[name] !== undefined)) return undefined;
  const { host = '', origin } = headers;
  const isOwnHost = NAMES.some((name) =>
    port === undefined
      ? host === name || host.startsWith(`${name}:`)
      : host === `${name}:${port}` || (port === 80 && host === name),
  );
  if (!isOwnHost) return undefined;
  if (origin !== undefined) return origin === `http://${host}` || origins.includes(origin) ? LOCAL_CALLER : undefined;
  // Images and forms of other pages come without an origin, but browsers say where from.
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none' ? LOCAL_CALLER : undefined;
}
