import { expect, it, vi } from 'vitest';
import type { LivePlace } from '../../jobs/live/live-service.ts';
import { createLiveTickets } from './live-tickets.ts';

/** A place that says whether it was given back. */
function createPlace() {
  const free = vi.fn();
  const place: LivePlace = { begin: () => Promise.reject(new Error('Not begun here.')), [Symbol.dispose]: free };
  return { place, free };
}

it('opens a session once, to whoever has its ticket', () => {
  using tickets = createLiveTickets();
  const { place, free } = createPlace();
  const { id, ticket } = tickets.issue(place);
  expect(tickets.redeem(id, '')).toBeUndefined();
  expect(tickets.redeem(id, `${ticket}x`)).toBeUndefined();
  expect(tickets.redeem('live_0', ticket)).toBeUndefined();
  expect(tickets.redeem(id, ticket)).toBe(place);
  expect(tickets.redeem(id, ticket)).toBeUndefined();
  // It is whose it was given to.
  expect(free).not.toHaveBeenCalled();
});

it('gives places back for which nobody came', () => {
  vi.useFakeTimers();
  try {
    using tickets = createLiveTickets(1000);
    const { place, free } = createPlace();
    const { id, ticket } = tickets.issue(place);
    vi.advanceTimersByTime(999);
    expect(free).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(free).toHaveBeenCalledOnce();
    expect(tickets.redeem(id, ticket)).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});

it('gives all places back when the service stops', () => {
  const { place, free } = createPlace();
  {
    using tickets = createLiveTickets();
    tickets.issue(place);
  }
  expect(free).toHaveBeenCalledOnce();
});
