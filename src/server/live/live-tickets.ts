/** Tickets: each opens the socket of one session, once. Browsers cannot send a key with a WebSocket. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { newId } from '../../core/ids.ts';

/** Milliseconds in which a socket must be opened. */
const TICKET_MILLISECONDS = 30_000;
const TICKET_BYTES = 32;

export interface LiveTicket {
  readonly id: string;
  readonly ticket: string;
  readonly expiresAt: Date;
}

export interface LiveTickets<P extends Disposable> extends Disposable {
  /** @param place given away: freed where nobody comes in time */
  issue(place: P): LiveTicket;
  /** @returns the place of a session, which is its receiver's then; undefined for what was not issued, used or too late */
  redeem(id: string, ticket: string): P | undefined;
}

interface Issued<P> {
  readonly hash: Buffer;
  readonly place: P;
  readonly timer: NodeJS.Timeout;
}

const hashOf = (ticket: string): Buffer => createHash('sha256').update(ticket).digest();

/** @typeParam P a place in the service, with what is known of who asked for it */
export function createLiveTickets<P extends Disposable>(milliseconds: number = TICKET_MILLISECONDS): LiveTickets<P> {
  const issued = new Map<string, Issued<P>>();
  const take = (id: string): P | undefined => {
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
