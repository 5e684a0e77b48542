import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { markXmp } from '../../media/ai-marking.ts';
import { findAigcText, readAigcOfXmp } from '../../media/aigc-metadata.ts';
import { aigcText, isSignedBy, parseAigc } from './aigc-label.ts';

const key = generateKeyPairSync('ed25519').privateKey;
const signer = { producer: '公司 & <Sons> "A"', id: '0123456789abcdef', installation: 'feedbeef', key };
const publicKey = createPublicKey(key);

describe('the label AIGC', () => {
  it('says who made it, signed, and is read back from XMP', () => {
    const text = aigcText(undefined, signer);
    const found = parseAigc(readAigcOfXmp(markXmp(undefined, text))!)!;
    expect(found).toMatchObject({ Label: '1', ContentProducer: signer.producer, ProduceID: signer.id });
    expect(isSignedBy(found, publicKey)).toBe(true);
    expect(isSignedBy({ ...found, ProduceID: 'another' }, publicKey)).toBe(false);
    expect(isSignedBy(found, createPublicKey(generateKeyPairSync('ed25519').privateKey))).toBe(false);
  });

  it('keeps every word of one that is there, and adds to it', () => {
    const first = { Label: '2', ContentProducer: 'somebody', ProduceID: '7', ReservedCode1: 'x', Own: 'kept' };
    const once = parseAigc(aigcText(parseAigc(JSON.stringify(first)), signer))!;
    expect(once).toMatchObject({ ...first, ContentPropagator: signer.producer, PropagateID: signer.id });
    const twice = parseAigc(aigcText(once, { ...signer, id: 'next' }))!;
    expect(twice).toMatchObject({ ...once, FurtherPropagators: [{ PropagateID: 'next' }] });
    expect(isSignedBy(twice, publicKey)).toBe(true);
  });

  it('stands once in a packet that had one, as an attribute or as an element', () => {
    const text = aigcText(undefined, signer);
    const old = '{&quot;Label&quot;:&quot;1&quot;,&quot;ContentProducer&quot;:&quot;a&quot;}';
    for (const body of [
      `<rdf:Description rdf:about="" xmlns:T="t" T:AIGC="${old}"/>`,
      `<rdf:Description rdf:about="" xmlns:T="t"><T:AIGC>${old}</T:AIGC></rdf:Description>`,
    ]) {
      const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r">${body}</rdf:RDF></x:xmpmeta>`;
      expect(parseAigc(readAigcOfXmp(packet)!)).toMatchObject({ Label: '1', ContentProducer: 'a' });
      const marked = markXmp(packet, text);
      expect(marked.match(/:AIGC[\s>=]/g)).toHaveLength(2);
      expect(readAigcOfXmp(marked)).toBe(text);
      // A run without the label leaves it where it is.
      expect(readAigcOfXmp(markXmp(packet))).toContain('ContentProducer');
    }
  });

  it('is found among other texts, and nothing else is taken for it', () => {
    const text = aigcText(undefined, signer);
    expect(findAigcText(['a title', `note\n${text}`])).toBe(text);
    expect(findAigcText(['a title', '{"a":1}'])).toBeUndefined();
    expect(parseAigc('{"a":1}')).toBeUndefined();
    expect(parseAigc('no JSON')).toBeUndefined();
  });
});
