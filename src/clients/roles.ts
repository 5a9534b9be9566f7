import type { Scope } from './client';

/** What somebody may do who signs in. */
export interface Part {
  readonly scopes: readonly Scope[];
  /** Whether their client is bound to them, and so sees the sections that they teach; else it is of the whole district. */
  readonly bound: boolean;
}

const teacher: Part = { scopes: ['attendance:read', 'attendance:write', 'roster:read'], bound: true };
const office: Part = { scopes: ['attendance:read', 'attendance:write', 'roster:read', 'roster:write'], bound: false };

/** Roles of OneRoster 1.1 and 1.2 that have pages here: those of a class, and those that work for all of the district. */
export const teacherRoles: readonly string[] = ['teacher', 'aide', 'proctor'];
export const officeRoles: readonly string[] = [
  'administrator',
  'principal',
  'siteAdministrator',
  'districtAdministrator',
  'systemAdministrator',
];

/** Undefined where who has the role does not sign in, like a student. */
export function partOf(role: string): Part | undefined {
  if (officeRoles.includes(role)) return office;
  return teacherRoles.includes(role) ? teacher : undefined;
}
