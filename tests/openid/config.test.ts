import { readConfig } from '../../src/service/config';

const right = {
  OPENID_ISSUER: 'https://id.example.org/tenant',
  OPENID_CLIENT_ID: 'rollbook',
  OPENID_CLIENT_SECRET: 'x',
};

test('a provider is configured by its address and what it knows rollbook by; the rest has defaults', () => {
  expect(readConfig({}).openid).toBeUndefined();
  expect(readConfig(right).openid).toEqual({
    issuer: new URL('https://id.example.org/tenant'),
    clientId: 'rollbook',
    clientSecret: 'x',
    name: 'id.example.org',
    district: undefined,
    timeout: 5,
  });
  expect(readConfig({ ...right, OPENID_NAME: 'Larkspur ID', OPENID_DISTRICT: '7' }).openid).toMatchObject({
    name: 'Larkspur ID',
    district: '7',
  });
});

test.each(['http://localhost:4000', 'http://127.0.0.1:4000', 'http://[::1]:4000'])(
  '%s may be asked over plain http',
  (issuer) => {
    expect(readConfig({ ...right, OPENID_ISSUER: issuer }).openid?.issuer.href).toBe(`${issuer}/`);
  },
);

test.each([
  ['OPENID_ISSUER', 'http://id.example.org'],
  ['OPENID_ISSUER', 'http://127.0.0.1.example.org'],
  ['OPENID_ISSUER', 'ftp://id.example.org'],
  ['OPENID_ISSUER', 'id.example.org'],
  ['OPENID_ISSUER', 'https://id.example.org?tenant=1'],
  ['OPENID_ISSUER', 'https://user@id.example.org'],
  ['OPENID_CLIENT_ID', ''],
  ['OPENID_CLIENT_SECRET', ''],
])('%s=%s stops the start with a sentence that says which', (name, value) => {
  expect(() => readConfig({ ...right, [name]: value })).toThrow(new RegExp(`^${name} must be .*\\.$`));
});
