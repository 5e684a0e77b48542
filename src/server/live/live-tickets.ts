/** Tickets: each opens the socket of one session, once. Browsers cannot send a key with a WebSocket. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { newId } from '../../core/ids.ts';
import type { LivePlace } from '../../jobs/live/live-service.ts';

/** Milliseconds in which a socket must be opened. */
const TICKET_MILLISECONDS = 30_000;
const TICKET_BYTES = 32;

export interface LiveTicket {
  readonly id: string;
  readonly ticket: string;
  readonly expiresAt: Date;
}

export interface LiveTickets extends Disposable {
  /** @param place given away: freed where nobody comes in time */
  issue(place: LivePlace): LiveTicket;
  /** @returns the place of a session, which is its receiver's then; undefined for what was not issued, used or too late */
  redeem(id: string, ticket: string): LivePlace | undefined;
}

interface Issued {
  readonly hash: Buffer;
  readonly place: LivePlace;
  readonly timer: NodeJS.Timeout;
}

const hashOf = (ticket: string): Buffer => createHash('sha256').update(ticket).digest();

export function createLiveTickets(milliseconds: number = TICKET_MILLISECONDS): LiveTickets {
  const issued = new Map<string, Issued>();
  const take = (id: string): LivePlace | undefined => {
    const one = issued.get(id);
    if (!one) return undefined;
    clearTimeout(one.timer);
    issued.delete(id);
    return one.place;
  };
  return {
    issue(place) {
      const id = newId('live');
      const ticket = randomBytes(TICKET_BYTES).toString('base64url');
      const timer = setTimeout(() => take(id)?.[Symbol.dispose](), milliseconds).unref();
      issued.set(id, { hash: hashOf(ticket), place, timer });
      return { id, ticket, expiresAt: new Date(Date.now() + milliseconds) };
    },
    redeem(id, ticket) {
      const one = issued.get(id);
      return one && timingSafeEqual(one.hash, hashOf(ticket)) ? take(id) : undefined;
    },
    [Symbol.dispose]() {
      for (const id of [...issued.keys()]) take(id)?.[Symbol.dispose]();
    },
  };
}
