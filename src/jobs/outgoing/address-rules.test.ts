import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAllowed, parseNetworks } from './address-rules.ts';

describe('addresses that others chose', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:4700::1111', '::ffff:8.8.8.8'])('may be public: %s', (address) => {
    expect(isAllowed(address, [])).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '127.8.9.10',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '192.0.0.192',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '::7f00:1',
    '::ffff:0:127.0.0.1',
    'fe80::1',
    'fec0::1',
    'fd00:ec2::254',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    'ff02::1',
    'not an address',
    '',
  ])('may not be private or special: %s', (address) => {
    expect(isAllowed(address, [])).toBe(false);
  });

  it('may be in a network that was named, and only there', () => {
    const networks = parseNetworks(['10.2.0.0/16', 'fd12::/16'], 'x');
    expect(isAllowed('10.2.3.4', networks)).toBe(true);
    expect(isAllowed('::ffff:10.2.3.4', networks)).toBe(true);
    expect(isAllowed('fd12::9', networks)).toBe(true);
    expect(isAllowed('10.3.0.1', networks)).toBe(false);
    expect(isAllowed('127.0.0.1', networks)).toBe(false);
    expect(() => parseNetworks(['10.2.0.0'], 'allowNetworks')).toThrow(/10\.2\.0\.0\/16 for allowNetworks/);
  });

  it('never opens for a private IPv4 address, however it is written', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.constantFrom(10, 127, 0), octet, octet, octet, (a, b, c, d) => {
        const hex = (high: number, low: number): string => (high * 256 + low).toString(16);
        expect(isAllowed(`${a}.${b}.${c}.${d}`, [])).toBe(false);
        expect(isAllowed(`::ffff:${hex(a, b)}:${hex(c, d)}`, [])).toBe(false);
        expect(isAllowed(`64:ff9b::${hex(a, b)}:${hex(c, d)}`, [])).toBe(false);
      }),
    );
  });
});
