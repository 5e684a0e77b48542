import { describe, expect, it } from 'vitest';
import { signCallback, verifyCallback } from './signature.ts';

// The example of the specification's reference libraries.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const headers = {
  'webhook-id': message.id,
  'webhook-timestamp': String(message.timestamp),
  'webhook-signature': signature,
};
const now = message.timestamp * 1000;

describe('a signature of a callback', () => {
  it('is what the specification says', () => {
    expect(signCallback([secret], message)).toBe(signature);
    verifyCallback(secret, headers, message.body, now);
  });

  it('by two secrets is taken with either', () => {
    const other = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
    const both = { ...headers, 'webhook-signature': signCallback([other, secret], message) };
    verifyCallback(secret, both, message.body, now);
    verifyCallback(other, both, message.body, now);
  });

  it.each([
    ['another body', headers, '{"test": 2432232315}', now],
    ['another id', { ...headers, 'webhook-id': 'msg_x' }, message.body, now],
    ['another time', { ...headers, 'webhook-timestamp': String(message.timestamp + 1) }, message.body, now],
    ['an old time', headers, message.body, now + 301_000],
    ['a time to come', headers, message.body, now - 301_000],
    ['no number as time', { ...headers, 'webhook-timestamp': 'x' }, message.body, now],
    ['no signature', { ...headers, 'webhook-signature': undefined }, message.body, now],
    ['another version', { ...headers, 'webhook-signature': signature.replace('v1', 'v2') }, message.body, now],
    ['half a signature', { ...headers, 'webhook-signature': signature.slice(0, 20) }, message.body, now],
  ])('with %s is refused', (_what, given, body, at) => {
    expect(() => verifyCallback(secret, given, body, at)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });
});
