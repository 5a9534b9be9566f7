/*
 * `src/apis/rollbook/`: rollbook's own API: what its pages need beside the roll, and what the other APIs have no words for:
 * taking a roll, marks as CSV, changes, reports, calendars, schools and sign-in; and what describes all of them, in `openapi.ts`.
 */
import { ProblemDetails } from '../../../schemas/problem';
import type { Api } from '../../http/endpoint';
import { json } from '../../http/formats/json';
import { ERRORS, jsonProblem, problemDetails } from '../../http/refusal';
import { bearer } from '../bearer';
import type { Dependencies } from '../dependencies';
import { absenceEndpoints } from './absences';
import { accessEndpoints } from './access';
import { apiClientEndpoints } from './api-clients';
import { calendarEndpoints } from './calendars';
import { changesEndpoints } from './changes';
import { codeEndpoints } from './codes';
import { districtEndpoints } from './district';
import { mailedSignInEndpoints } from './mailed-sign-in';
import { marksEndpoints } from './marks';
import {
  catalogEndpoint,
  DOCUMENTS,
  documentEndpoint,
  documentEndpoints,
  errorsEndpoint,
  OWN_DOCUMENT,
} from './openapi';
import { openidEndpoints } from './openid';
import { passkeyEndpoints, passkeySignInEndpoints } from './passkeys';
import { reminderEndpoints } from './reminders';
import { reportEndpoints } from './reports';
import { rollEndpoints } from './rolls';
import { schoolEndpoints } from './schools';
import { sessionEndpoints, signInEndpoints } from './session';
import { studentsEndpoints } from './students';
import { substitutionEndpoints } from './substitutions';
import { webhookEndpoints } from './webhooks';

/**
 * rollbook's own API: what its pages need beside the roll itself, for them and for anybody. It describes the others, too.
 * @param launches how its pages are opened from elsewhere: described in one with it
 */
export function rollbook(dependencies: Dependencies, others: readonly Api[], launches: readonly Api[]): Api[] {
  const { oauth1, token, session } = dependencies.credentials;
  const common = {
    name: 'rollbook',
    title: 'rollbook’s own API',
    description:
      'What its pages need, and what the other APIs have no words for: rolls, marks, changes, webhooks, reports, calendars and ' +
      'schools. The operator makes a client by `rollbook client create`; it calls with its token, and `GET /session` says who it is. ' +
      'A parameter that an address does not have is refused.',
    parameters: {
      section: 'The id of a section.',
      date: 'A day, YYYY-MM-DD.',
      school: 'The id of a school.',
      student: 'The id of a student.',
      absence: 'The id of an absence.',
      webhook: 'The id of a webhook.',
      person: 'The id of a person.',
      client: 'The id of an API client.',
      substitution: 'The id of a substitution.',
      passkey: 'The id of a passkey.',
      code: 'An attendance code, as it stands on the roll.',
    },
    formats: [{ ...json, problem: jsonProblem }],
    refusesUnknown: true,
    refuse: problemDetails(dependencies.prefix),
    errors: ProblemDetails,
  };
  const at = (base: string) => ({ ...common, base, tag: base.slice(1) });
  const documents = { ...common, tag: 'documents', credentials: [] };
  const credentials = [oauth1, token(bearer), session];
  const own: Api[] = [
    // Without credentials, so that a stale cookie is in nobody's way.
    {
      ...at('/sign-in'),
      credentials: [],
      endpoints: [
        ...signInEndpoints(dependencies),
        ...openidEndpoints(dependencies),
        ...mailedSignInEndpoints(dependencies),
        ...passkeySignInEndpoints(dependencies),
      ],
    },
    {
      ...at('/session'),
      credentials,
      endpoints: [...sessionEndpoints(dependencies), ...passkeyEndpoints(dependencies)],
    },
    { ...at('/reports'), credentials, endpoints: reportEndpoints(dependencies) },
    { ...at('/calendars'), credentials, endpoints: calendarEndpoints(dependencies) },
    { ...at('/schools'), credentials, endpoints: [...schoolEndpoints(dependencies), ...codeEndpoints(dependencies)] },
    { ...at('/students'), credentials, endpoints: studentsEndpoints(dependencies) },
    { ...at('/absences'), credentials, endpoints: absenceEndpoints(dependencies) },
    { ...at('/reminders'), credentials, endpoints: reminderEndpoints(dependencies) },
    { ...at('/rolls'), credentials, endpoints: rollEndpoints(dependencies) },
    { ...at('/substitutions'), credentials, endpoints: substitutionEndpoints(dependencies) },
    { ...at('/marks'), credentials, endpoints: marksEndpoints(dependencies) },
    { ...at('/changes'), credentials, endpoints: changesEndpoints(dependencies) },
    { ...at('/district'), credentials, endpoints: districtEndpoints(dependencies) },
    {
      ...at('/access'),
      credentials,
      endpoints: [...accessEndpoints(dependencies), ...apiClientEndpoints(dependencies)],
    },
    { ...at('/webhooks'), credentials, endpoints: webhookEndpoints(dependencies) },
    ...launches,
    // What describes the APIs, these included.
    { ...documents, base: OWN_DOCUMENT, endpoints: [documentEndpoint(common.title, '/', () => own)] },
    { ...documents, base: DOCUMENTS, endpoints: documentEndpoints(others) },
    { ...documents, base: '/.well-known', endpoints: [catalogEndpoint(common.name, () => [...others, ...own])] },
    { ...documents, base: ERRORS, endpoints: [errorsEndpoint] },
  ];
  return own;
}
