import type { Caller, Scope } from '../../clients/client';
import type { Signer } from '../../clients/signer';
import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { oneOf } from '../../database/rows';
import type { Credential } from '../../http/credentials/credentials';
import { cookieNamed, SESSION_CHALLENGE, setCookie } from '../../http/credentials/token';
import { Problem } from '../../lib/problem';
import { carried } from './flow';
import type { Platforms } from './platforms';

/** Seconds: a learner looks and goes away. */
const SECONDS = 3_600;
const COOKIE = 'rollbook_learner';

/** A student whom a platform has launched. */
export interface Learner {
  readonly district: number;
  readonly person: number;
  readonly deployment: number;
}

const learners = (signer: Signer) => carried<Learner>(signer, 'learner', SECONDS);

/** Set-Cookie of a student, signed; it is good for their own attendance, and for nothing else. */
export const learnerCookie = (signer: Signer, learner: Learner, prefix: string): string =>
  setCookie({
    ...{ name: COOKIE, value: learners(signer).sign(learner), path: `${prefix}/lti`, seconds: SECONDS },
    ...{ sameSite: 'None', secure: true },
  });

/**
 * A student by that cookie, as long as the roster lists them and the deployment is registered. They have no client and no scope: no
 * other endpoint knows them.
 */
export function learner(database: Database, signer: Signer, platforms: Platforms): Credential {
  const listed = text(
    database.knex,
    `select 1 as one from people
    where people.id = :person and people.district_id = :district and people.active and people.role = 'student'`,
    { one: oneOf(1) },
  );
  return {
    challenge: SESSION_CHALLENGE,
    schemes: {
      learner: {
        type: 'apiKey',
        in: 'cookie',
        name: COOKIE,
        description: 'A student whom a platform has launched by LTI.',
      },
    },
    async identify({ headers, foreign, confidential }) {
      const sent = cookieNamed(COOKIE, headers.cookie);
      const known = learners(signer).read(sent);
      if (!known) return undefined;
      if (foreign) throw new Problem('ORIGIN_FORBIDDEN');
      if (!confidential) throw new Problem('CREDENTIALS_INSECURE');
      const { district, person, deployment } = known;
      const place = await platforms.deploymentById(deployment);
      const [one] = await database.all(listed, { district, person });
      if (place?.district_id !== district || !one) return undefined;
      return { district, client: 0, person, scopes: new Set<Scope>(), marksOnly: false };
    },
  };
}

/** As whom the reports are asked: for the district, of this one student. */
export const asDistrict = ({ district, api }: Pick<Caller, 'district' | 'api'>) => ({
  ...{ district, api, client: null, person: null },
});
