/*
 * `src/apis/schoology/`: Schoology: the attendance of a section, in JSON or XML, and the roster that its clients read first.
 * `resources.ts` prints what the roster has in its words.
 */
import { ProblemDetails } from '../../../schemas/problem';
import type { Api } from '../../http/endpoint';
import { json } from '../../http/formats/json';
import { xml } from '../../http/formats/xml';
import { jsonProblem, problemDetails, xmlProblem } from '../../http/refusal';
import { bearer } from '../bearer';
import type { Dependencies } from '../dependencies';
import { attendanceEndpoints } from './attendance';
import { gradingPeriodEndpoints } from './grading-periods';
import { multigetEndpoint } from './multiget';
import { rosterEndpoints } from './roster';
import { triggerEndpoints } from './triggers';

/** "Impersonation": a client with the scope `admin` acts as the person with this id. */
const RUN_AS = 'X-Schoology-Run-As';

/** Schoology's REST API: attendance of sections, and the roster that its clients read first. */
export const schoology = ({
  ledger,
  roster,
  credentials: { oauth1, token, session, actingAs },
  prefix,
  ...rest
}: Dependencies): Api => ({
  name: 'schoology',
  title: 'Schoology’s API',
  description:
    'The attendance of sections, and the roster that its clients read first, as Schoology’s REST API has them.',
  parameters: {
    section: 'The id of a section.',
    id: 'The id of the resource.',
    code: 'The id that the SIS gave it.',
    target: 'The id of a target of event triggers.',
  },
  base: '/v1',
  formats: [
    { ...json, problem: jsonProblem },
    { ...xml('result', ['attendances']), problem: xmlProblem },
  ],
  credentials: [oauth1, token(bearer), session].map((credential) => actingAs(RUN_AS, credential)),
  actsAs: RUN_AS,
  refuse: problemDetails(prefix),
  errors: ProblemDetails,
  endpoints: [
    ...attendanceEndpoints(ledger, roster),
    ...rosterEndpoints(roster),
    ...gradingPeriodEndpoints(roster),
    multigetEndpoint(rosterEndpoints(roster), problemDetails(prefix)),
    ...triggerEndpoints(rest),
  ],
});
