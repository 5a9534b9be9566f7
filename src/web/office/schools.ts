import { get } from '../shared/api';
import { type Loaded, useLoaded } from '../shared/loaded';
import { compareNames, onlySchool, session } from '../shared/session';
import { picks } from './picks';
import type { School } from './wire';

const PAGE = 200;

interface SchoolsPage {
  readonly school: readonly { readonly id: string; readonly title: string }[];
  readonly total: string;
}

/** The schools of the district, by name; that alone which one sees, where that is one. */
export const useSchools = (): Loaded<readonly School[]> => useLoaded('schools', loadSchools);

/** The one that is picked; else that of whose office is signed in; else the first. */
export const schoolPicked = (list: readonly School[]): School | undefined =>
  list.find(({ id }) => String(id) === picks().school) ??
  list.find(({ id }) => id === session.value?.school) ??
  list[0];

async function loadSchools(): Promise<readonly School[]> {
  const schools: School[] = [];
  let page: SchoolsPage;
  do {
    page = await get<SchoolsPage>(`/v1/schools?start=${schools.length}&limit=${PAGE}`);
    schools.push(...page.school.map(({ id, title }) => ({ id: Number(id), name: title })));
  } while (page.school.length > 0 && schools.length < Number(page.total));
  const only = onlySchool();
  return schools
    .filter(({ id }) => only === undefined || id === only)
    .sort((one, other) => compareNames(one.name, other.name));
}
