import type { Endpoint } from '../../../http/endpoint';
import { openCounted } from '../../../reports/counted';
import type { House } from '../../house';
import { rateEndpoints } from './rates';
import { rollsEndpoints } from './rolls';
import { sectionEndpoints } from './section';
import { openSpans } from './span';
import { studentEndpoint } from './student';

/** `/reports`: the numbers behind every picture, in JSON and CSV. */
export function reportEndpoints(house: House): Endpoint[] {
  const spans = openSpans(house.database, house.roster);
  const counted = openCounted(house.database);
  return [
    ...rollsEndpoints(house, spans, counted),
    ...sectionEndpoints(house, spans),
    studentEndpoint(house, spans),
    ...rateEndpoints(house, spans, counted),
  ];
}
