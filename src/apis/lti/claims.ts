/* What a launch says (LTI 1.3 Core, 5). Everything is the platform's to say or to leave out, and is read as it may come. */

import { listOf, objectOf } from './json';
import { scopes } from './services';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim/';
/** AGS 2.0, 3.1; NRPS 2.0, 3.6.1.1. */
const GRADES = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
const MEMBERS = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
/** Deep Linking 2.0, 4.4.1. */
const LINKING = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';

type Claims = Readonly<Record<string, unknown>>;

/** The roles of a launch that count here. */
export interface Roles {
  readonly instructor: boolean;
  readonly learner: boolean;
  readonly administrator: boolean;
}

/** Who is there, and where, as the platform says. Nothing of it is known to be so of anybody of the roster. */
export interface Launch {
  readonly messageType: string;
  readonly version: string;
  readonly deployment: string;
  readonly targetLink: string;
  readonly roles: Roles;
  /** The course; undefined where it is launched from none. */
  readonly context: string | undefined;
  readonly contextTitle: string;
  /** What the SIS calls the section, where the platform says it: by the custom parameter, then by its own claim. */
  readonly sections: readonly string[];
  /** What the SIS calls the person. */
  readonly person: string | undefined;
  readonly email: string | undefined;
  /** Undefined where the platform does not say. */
  readonly emailVerified: boolean | undefined;
  readonly services: CourseServices;
  /** What of rollbook the link in the course is of. */
  readonly page: LinkedPage;
  /** Undefined where no link is asked for, or none that rollbook has. */
  readonly linking: Linking | undefined;
}

/** What a link in a course may be of: custom parameter `rollbook_page`. */
export const linkedPages = ['roll', 'own', 'month'] as const;
export type LinkedPage = (typeof linkedPages)[number];

/** Where a link goes that somebody has chosen for a course. */
export interface Linking {
  readonly return_url: string;
  /** It is given back unchanged; null where there is none. */
  readonly data: string | null;
}

/** What of a platform may be asked for a course. */
export interface CourseServices {
  /** Who is in it; null where the platform does not say. */
  readonly memberships_url: string | null;
  /** Its columns of grades; null where rollbook may not make one and fill it. */
  readonly line_items_url: string | null;
}

/** What a claim may have to be looked at. */
const LONGEST = 255;
const LONGEST_DATA = 4_000;
const LONGEST_ADDRESS = 2_000;

const objectAt = (claims: Claims, name: string): Claims => objectOf(claims[name]) ?? {};

/**
 * A text of some length; what is longer is none of ours. A platform that does not know a variable sends its name, `$Person.sourcedId`
 * (LTI 1.3 Core, 6.1). PostgreSQL has no NUL.
 */
export const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' &&
  value.trim() !== '' &&
  value.length <= LONGEST &&
  !value.startsWith('$') &&
  !value.includes('\u0000')
    ? value.trim()
    : undefined;

export function launchIn(claims: Claims): Launch {
  const at = (name: string) => claims[LTI + name];
  const [lis, custom, context] = ['lis', 'custom', 'context'].map((name) => objectAt(claims, LTI + name)) as [
    Claims,
    Claims,
    Claims,
  ];
  return {
    messageType: textIn(at('message_type')) ?? '',
    version: textIn(at('version')) ?? '',
    deployment: textIn(at('deployment_id')) ?? '',
    targetLink: typeof at('target_link_uri') === 'string' ? (at('target_link_uri') as string) : '',
    roles: rolesIn(at('roles')),
    context: textIn(context.id),
    contextTitle: textIn(context.title) ?? textIn(context.label) ?? '',
    sections: [custom.section_sourcedid, lis.course_section_sourcedid].flatMap((named) => textIn(named) ?? []),
    person: textIn(lis.person_sourcedid),
    email: textIn(claims.email),
    emailVerified: verifiedIn(claims.email_verified),
    services: servicesIn(claims),
    page: linkedPages.find((page) => page === custom.rollbook_page) ?? 'roll',
    linking: linkingIn(claims),
  };
}

/** OpenID Connect Core 1.0, 5.1: a boolean; some send it as a text. */
const verifiedIn = (said: unknown): boolean | undefined =>
  said === undefined ? undefined : said === true || said === 'true';

function linkingIn(claims: Claims): Linking | undefined {
  const { deep_link_return_url, accept_types, data = null } = objectAt(claims, LINKING);
  const return_url = addressIn(deep_link_return_url);
  const isKept = data === null || (typeof data === 'string' && data.length <= LONGEST_DATA);
  if (!return_url || !isKept || !listOf(accept_types)?.includes('ltiResourceLink')) return undefined;
  return { return_url, data };
}

function servicesIn(claims: Claims): CourseServices {
  const { scope, lineitems } = objectAt(claims, GRADES);
  const granted = listOf(scope) ?? [];
  const mayGrade = [scopes.lineItems, scopes.scores].every((each) => granted.includes(each));
  return {
    memberships_url: addressIn(objectAt(claims, MEMBERS).context_memberships_url),
    line_items_url: mayGrade ? addressIn(lineitems) : null,
  };
}

/** An address that the platform has; where it leads is looked at when it is asked. */
export const addressIn = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= LONGEST_ADDRESS && URL.canParse(value) ? new URL(value).href : null;

/**
 * LTI 1.3 Core, A.2: roles of the course, of the institution and of the system. Those of the course may be short names. A teaching
 * assistant is `membership/Instructor#TeachingAssistant`, or `membership#TeachingAssistant`.
 */
export function rolesIn(claimed: unknown): Roles {
  const roles = Array.isArray(claimed) ? claimed.filter((role) => typeof role === 'string').slice(0, 100) : [];
  const some = (pattern: RegExp) => roles.some((role) => pattern.test(role));
  const vocabulary = '^http://purl\\.imsglobal\\.org/vocab/lis/v2/';
  return {
    instructor: some(
      new RegExp(
        `${vocabulary}membership(#(Instructor|TeachingAssistant)$|/Instructor#)|^(Instructor|TeachingAssistant)$`,
      ),
    ),
    learner: some(new RegExp(`${vocabulary}membership(#Learner$|/Learner#)|^Learner$`)),
    administrator: some(
      new RegExp(
        `${vocabulary}(institution/person#Administrator|system/person#(SysAdmin|Administrator)|membership#Administrator)$`,
      ),
    ),
  };
}
