import type { Credential } from '../../http/credentials/credential';
import type { Dialect } from '../../http/endpoint';
import { json } from '../../http/formats/json';
import { xml } from '../../http/formats/xml';
import { problemDetails } from '../../http/problem-details';
import type { Ledger } from '../../ledger/ledger';
import type { Roster } from '../../roster/roster';
import { attendanceEndpoints } from './attendance';
import { rosterEndpoints } from './roster';

/** Schoology's REST API: attendance of sections, and the roster that its clients read first. */
export const schoology = (ledger: Ledger, roster: Roster, credentials: readonly Credential[]): Dialect => ({
  name: 'schoology',
  base: '/v1',
  formats: [json, xml('result', ['attendances'])],
  credentials,
  refuse: problemDetails,
  endpoints: [...attendanceEndpoints(ledger, roster), ...rosterEndpoints(roster)],
});
