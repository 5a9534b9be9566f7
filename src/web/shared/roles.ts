import { t } from '../messages/messages';

/** Roles of OneRoster for which the pages have a word. */
const roles = [
  ...(['teacher', 'aide', 'proctor', 'substitute', 'counselor', 'secretary'] as const),
  ...(['principal', 'administrator', 'siteAdministrator', 'districtAdministrator', 'systemAdministrator'] as const),
] as const;

/** What a role is called; as the roster has it, where the pages have no word for it. An import keeps it in small letters. */
export function roleNamed(role: string): string {
  const known = roles.find((each) => each.toLowerCase() === role.toLowerCase());
  return known ? t(`role.${known}`) : role;
}
