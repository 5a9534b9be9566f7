import type { Credentials } from '../../http/credentials/credential';
import type { Dialect } from '../../http/endpoint';
import { json } from '../../http/formats/json';
import { xml } from '../../http/formats/xml';
import { problemDetails } from '../../http/problem-details';
import type { Ledger } from '../../ledger/ledger';
import type { Roster } from '../../roster/roster';
import { attendanceEndpoints } from './attendance';
import { rosterEndpoints } from './roster';

/** Schoology's REST API: attendance of sections, and the roster that its clients read first. */
export const schoology = (ledger: Ledger, roster: Roster, { oauth1, bearer, actingAs }: Credentials): Dialect => ({
  name: 'schoology',
  base: '/v1',
  formats: [json, xml('result', ['attendances'])],
  credentials: [oauth1, bearer].map((credential) => actingAs('X-Schoology-Run-As', credential)),
  refuse: problemDetails,
  endpoints: [...attendanceEndpoints(ledger, roster), ...rosterEndpoints(roster)],
});
