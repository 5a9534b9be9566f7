import fc from 'fast-check';
import { signerWith } from '../../src/clients/signer';

const signer = signerWith(['a key that is used in tests alone']);
const payload = Buffer.from('{"a":12}');
const signed = signer.sign('test', payload);

test('what was signed is read back, padded or not', () => {
  expect(signer.verify('test', signed)).toEqual(payload);
  const padded = Buffer.from(signed, 'base64url').toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  expect(padded).toMatch(/=$/);
  expect(signer.verify('test', padded)).toEqual(payload);
});

test('nothing else is: another purpose, another key, any character changed, added or taken away', () => {
  expect(signer.verify('tests', signed)).toBeUndefined();
  expect(signerWith(['another key, of the right length too']).verify('test', signed)).toBeUndefined();
  fc.assert(
    fc.property(fc.nat(signed.length - 1), fc.string({ minLength: 0, maxLength: 2 }), (at, text) => {
      const edited = signed.slice(0, at) + text + signed.slice(at + 1);
      if (edited !== signed) expect(signer.verify('test', edited)).toBeUndefined();
    }),
  );
  for (const text of ['', 'x', `${signed}A`, `${signed}.`, `${signed}===`])
    expect(signer.verify('test', text)).toBeUndefined();
});

test('what an older key signed is read back as long as that is one of the keys; the first signs', () => {
  const [older, newer] = ['a key that is used in tests alone', 'another key, of the right length too'] as [
    string,
    string,
  ];
  const both = signerWith([newer, older]);
  expect(both.verify('test', signed)).toEqual(payload);
  expect(signerWith([newer]).verify('test', both.sign('test', payload))).toEqual(payload);
  expect(signer.verify('test', both.sign('test', payload))).toBeUndefined();
});
