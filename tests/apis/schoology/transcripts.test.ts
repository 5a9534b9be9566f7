import { join } from 'node:path';
import { openApi } from '../../api';
import { replayAll } from '../../transcript';
import { addTo } from './school';

/** What libraries of several languages send and go by, each as a client of Noether. */
replayAll(join(__dirname, 'transcripts'), async () => {
  const api = await openApi();
  const added = await addTo(api);
  const { people, sections, enrollments, districts } = api.world;
  const { key, secret, token } = await api.clients.create({
    district: districts.larkspur,
    name: 'client',
    person: people.noether,
    scopes: ['attendance:read', 'attendance:write', 'roster:read'],
  });
  const values = {
    key,
    secret,
    noether: people.noether,
    algebra: sections.algebra,
    biology: sections.biology,
    past: added.sections.past,
    course: added.courses.algebra,
    school: added.schools.middle,
    fall: added.terms.fall,
    adaInAlgebra: enrollments.ada,
    graceInAlgebra: enrollments.grace,
  };
  return { api: { ...api, token }, values };
});
