/*
 * `src/apis/powerschool/`: PowerSchool: attendance of days and of meetings, sent one by one or in a batch, and the resources and
 * named queries that its clients read first.
 */
import { RequestError, TokenError } from '../../../schemas/powerschool/errors';
import type { Api } from '../../http/endpoint';
import { form } from '../../http/formats/form';
import type { AnswerFormat } from '../../http/formats/format';
import { json } from '../../http/formats/json';
import { writeXml, xml } from '../../http/formats/xml';
import { bearer } from '../bearer';
import type { Dependencies } from '../dependencies';
import { openAttendanceRecords } from './attendance';
import { attendanceTable } from './attendance-table';
import { codeTable } from './code-table';
import { refuse } from './errors';
import { heeding } from './parameters';
import { peopleEndpoints } from './people';
import { attendanceEndpoints } from './posts';
import { powerQuery, programsQuery } from './power-queries';
import { queryEndpoints } from './queries';
import { resourceEndpoints } from './resources';
import { calendarTable, enrollmentTable, periodTable, programTable } from './roster-tables';
import { tableEndpoints } from './schema-tables';
import { refuseToken, tokenEndpoint } from './token';

/** In XML an answer with one property, `{"students": {...}}`, is a document of that element. */
const resources: AnswerFormat = {
  ...xml('results'),
  encode(value) {
    const [[name, inner] = [], ...more] = Object.entries(value as object);
    return name !== undefined && more.length === 0 ? writeXml(name, inner) : writeXml('results', value);
  },
  describe(schema, described) {
    const [[name, inner] = [], ...more] = Object.entries(schema.properties ?? {});
    return inner && more.length === 0
      ? { ...described(inner), xml: { name } }
      : { ...described(schema), xml: { name: 'results' } };
  },
  problem: {
    type: 'application/xml',
    encode: (value) => writeXml('error', value),
    describe: (schema, described) => ({ ...described(schema), xml: { name: 'error' } }),
  },
};

export const formats: readonly AnswerFormat[] = [json, resources];

const about = {
  name: 'powerschool',
  title: 'PowerSchool’s API',
  description:
    'Attendance of days and of meetings as SIS plugins post it, what they look up first, and the token that they do it with. ' +
    'Names of tables, columns and arguments are the same in capital letters and in small ones.',
  parameters: { id: 'The id of the resource.', student: 'The id of a student.' },
};

/** PowerSchool's API: attendance posted by SIS plugins, what they look up first, and the token they do it with. */
export function powerschool(dependencies: Dependencies): Api[] {
  const { database, ledger, clients, credentials } = dependencies;
  const token = credentials.token({
    ...bearer,
    challenge: 'Bearer realm="PowerSchool"',
    // Plugins look for this, fetch a new token, and try again.
    rejected: 'Bearer error="invalid_token",realm="PowerSchool",error_description="The access token has expired"',
  });
  const attendance = openAttendanceRecords(database, ledger);
  const queries = [...queryEndpoints(dependencies, attendance), programsQuery];
  const tables = [
    attendanceTable(database, attendance),
    codeTable(dependencies),
    calendarTable(database),
    periodTable(database),
    enrollmentTable(database),
    programTable,
  ];
  return [
    {
      ...about,
      base: '/oauth',
      formats: [form, json],
      credentials: [credentials.basic],
      refuse: refuseToken,
      errors: TokenError,
      endpoints: [tokenEndpoint(clients, credentials)],
    },
    {
      ...about,
      base: '/ws',
      formats,
      credentials: [token],
      refuse,
      errors: RequestError,
      endpoints: [
        ...attendanceEndpoints(database, ledger),
        ...queries.flatMap(powerQuery),
        ...peopleEndpoints(dependencies),
        ...resourceEndpoints(dependencies),
        ...tables.flatMap(tableEndpoints),
      ].map(heeding),
    },
  ];
}
