import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitLinks } from './links.ts';

const links = (text: string) =>
  splitLinks(text).flatMap((part) => (part.kind === 'link' ? [part.text] : []));

test('addresses are found without what ends a sentence', () => {
  assert.deepEqual(links('see https://example.com/a?b=c#d.'), ['https://example.com/a?b=c#d']);
  assert.deepEqual(links('(http://example.com), https://소리.kr/방!'), [
    'http://example.com',
    'https://소리.kr/방',
  ]);
  assert.deepEqual(links('https://en.wikipedia.org/wiki/Set_(mathematics)'), [
    'https://en.wikipedia.org/wiki/Set_(mathematics)',
  ]);
});

test('nothing but http and https is an address', () => {
  const texts = [
    'javascript:alert(1)',
    'ftp://example.com',
    'example.com',
    'https://',
    'data:text/html,x',
  ];
  for (const text of texts) assert.deepEqual(links(text), [], text);
  assert.deepEqual(links('<https://example.com/"onclick=x>'), ['https://example.com/']);
});

test('the parts are the text, and every address is a web address', () => {
  const pieces = fc.oneof(
    fc.string(),
    fc.constantFrom('https://example.com/', 'http://', ' ', ')', '.', 'javascript:'),
  );
  fc.assert(
    fc.property(fc.array(pieces), (words) => {
      const text = words.join('');
      const parts = splitLinks(text);
      assert.equal(parts.map((part) => part.text).join(''), text);
      for (const part of parts) {
        if (part.kind === 'link') assert.match(new URL(part.href).protocol, /^https?:$/);
      }
    }),
  );
});
