import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type SigningAlgorithm, signWith, toCoseSignature } from './signature.ts';

const BYTES = Buffer.from('what is signed');

describe('signatures as COSE wants them', () => {
  it.each([
    ['es256', 'P-256', 64],
    ['es384', 'P-384', 96],
    ['es512', 'P-521', 132],
  ] as const)('%s: two numbers, also where a program writes DER', (algorithm, namedCurve, length) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    const hash = `sha${algorithm.slice(2)}`;
    // Numbers begin with zeros or need one before them now and then.
    for (let count = 0; count < 40; count++) {
      const signature = toCoseSignature(sign(hash, BYTES, privateKey), algorithm);
      expect(signature).toHaveLength(length);
      expect(verify(hash, BYTES, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
    }
    const own = signWith(privateKey, algorithm, BYTES);
    expect(toCoseSignature(own, algorithm)).toEqual(own);
    expect(verify(hash, BYTES, { key: publicKey, dsaEncoding: 'ieee-p1363' }, own)).toBe(true);
  });

  it.each(['ps256', 'ed25519'] as SigningAlgorithm[])('%s is left as it is', (algorithm) => {
    const { privateKey } =
      algorithm === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2048 });
    const signature = signWith(privateKey, algorithm, BYTES);
    expect(toCoseSignature(signature, algorithm)).toBe(signature);
  });
});
