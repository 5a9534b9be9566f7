/*
 * `src/apis/lti/`: rollbook inside an LMS, by LTI 1.3: which platforms may launch it, how a launch is checked, who of the roster it
 * is of, and what they are shown. docs/lti.md says how it is set up.
 */
import { OwnAttendanceReply } from '../../../schemas/lti/attendance';
import { SectionBody, WhereReply } from '../../../schemas/lti/launch';
import { ProblemDetails } from '../../../schemas/problem';
import { today } from '../../days';
import { type Api, endpoint } from '../../http/endpoint';
import { form } from '../../http/formats/form';
import { json } from '../../http/formats/json';
import { jsonProblem, problemDetails } from '../../http/refusal';
import { Problem } from '../../lib/problem';
import { openStudent } from '../../reports/student';
import { calledName } from '../../roster/names';
import { openSchoolYears, startOfYear } from '../../roster/school-years';
import { bearer } from '../bearer';
import type { Dependencies } from '../dependencies';
import { openContexts } from './contexts';
import { openCourses } from './grades/courses';
import { choices, launchEndpoints } from './launch';
import { asDistrict, learner } from './learner';
import { linkEndpoint } from './linking';
import { openPlatforms } from './platforms';
import { registrationEndpoint } from './register';

/** LTI 1.3: rollbook inside an LMS. */
export function lti(dependencies: Dependencies): Api[] {
  const { database, credentials, signer, prefix } = dependencies;
  // It is how rollbook's own pages are opened, and is described with what these ask for.
  const common = {
    ...{
      name: 'rollbook',
      title: 'LTI 1.3',
      description: 'By which an LMS launches rollbook.',
      tag: 'lti',
      parameters: { invitation: 'What the operator was given by `rollbook lti platform invite`.' },
    },
    formats: [{ ...json, problem: jsonProblem }, form],
    refusesUnknown: true,
    refuse: problemDetails(prefix),
    errors: ProblemDetails,
  };
  return [
    {
      ...common,
      base: '/lti/section',
      credentials: [credentials.token(bearer), credentials.session],
      endpoints: [sectionEndpoint(dependencies)],
    },
    {
      ...common,
      base: '/lti/link',
      credentials: [credentials.token(bearer), credentials.session],
      endpoints: [linkEndpoint(dependencies)],
    },
    {
      ...common,
      base: '/lti/attendance',
      credentials: [learner(database, signer, openPlatforms(database))],
      endpoints: [attendanceEndpoint(dependencies)],
    },
    {
      ...{ ...common, base: '/lti', credentials: [] },
      endpoints: [...launchEndpoints(dependencies), registrationEndpoint(dependencies)],
    },
  ];
}

/** A teacher says which of their sections a course of the platform is; it is kept for them. */
function sectionEndpoint({ database, roster, signer, prefix }: Dependencies) {
  const contexts = openContexts(database);
  const courses = openCourses(database);
  const platforms = openPlatforms(database);
  return endpoint({
    method: 'PUT',
    path: '/',
    summary: 'Says which section a course of the platform is',
    scope: 'attendance:write',
    errors: ['NOT_FOUND'],
    schemas: { body: SectionBody, reply: WhereReply },
    async handle({ caller, body }) {
      const choice = choices(signer).read(body.handle);
      // It is of the launch by which they have signed in, and of nobody else's.
      const isTheirs = choice?.district === caller.district && choice.client === caller.client;
      const place = isTheirs ? await platforms.deploymentById(choice.deployment) : undefined;
      if (!isTheirs || place?.district_id !== caller.district)
        throw new Problem('NOT_FOUND', 'This launch is not known. Open rollbook from the course again.');
      const { id } = await roster.sectionToWrite(caller, String(body.section));
      const { district, deployment, context, person, services } = choice;
      const course = { district, deployment, context };
      const before = await contexts.chosen({ ...course, person });
      const by = { district, api: caller.api, client: caller.client, person };
      if (before !== id) await contexts.choose({ ...course, person }, id, by);
      if (before !== undefined && before !== id) await courses.unlink({ ...course, section: before });
      await courses.link({ ...course, section: id }, services);
      const date = today((await roster.district(caller)).time_zone);
      return { status: 200, body: { url: `${prefix}/?platform=${place.platform_id}#/sections/${id}/${date}` } };
    },
  });
}

/** A student's own attendance. */
function attendanceEndpoint({ database, roster }: Dependencies) {
  const historyOf = openStudent(database);
  const schoolYears = openSchoolYears(database);
  return endpoint({
    method: 'GET',
    path: '/',
    summary: 'Reports a student’s own attendance in this school year',
    current: true,
    schemas: { reply: OwnAttendanceReply },
    async handle({ caller }) {
      if (caller.person === null) throw new Problem('CREDENTIALS_MISSING');
      const actor = asDistrict(caller);
      const person = await roster.one('student', actor, String(caller.person));
      const to = today((await roster.district(actor)).time_zone);
      const from = startOfYear(to, await schoolYears(caller.district));
      const {
        partial_days: _partial,
        streaks: _streaks,
        days,
        ...counts
      } = await historyOf(actor, person.id, { from, to });
      const own = days.map(({ comment: _comment, ...day }) => day);
      const read = { people: [person.id], from, to, records: days.length };
      return { status: 200, body: { name: calledName(person), from, to, ...counts, days: own }, reads: [read] };
    },
  });
}
