import { readFileSync } from 'node:fs';
import { rights, type SignInRights } from '../../src/clients/client';

/** What the manual says of each role is what the code has. */
test('docs/sign-in.md says of each role what it sees and may do', () => {
  const text = readFileSync('docs/sign-in.md', 'utf8');
  const sees = { sections: 'their sections', district: 'the district', school: 'one school' };
  const yesNo = (is: boolean) => (is ? 'yes' : 'no');
  const rows = Object.entries(rights).map(([role, { sees: what, scopes }]: [string, SignInRights]) => {
    const has = (['attendance:write', 'roster:write', 'access'] as const).map((scope) => yesNo(scopes.includes(scope)));
    return `| ${[role, sees[what], ...has].join(' | ')} |`;
  });
  expect(text.match(/^\| (teacher|office|secretary|counselor) \|.*$/gm)).toEqual(rows);
});
