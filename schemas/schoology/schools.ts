import { Type } from '@sinclair/typebox';
import { closed, type TypeOf } from '../types';
import { at, empty, idText, linksTo, page, pageOfOne, text } from './parts';

export const SchoolReply = closed(
  {
    id: idText('The id of the school.', '1'),
    title: text('What it is called.', 'Larkspur High'),
    address1: empty,
    address2: empty,
    city: empty,
    state: empty,
    postal_code: empty,
    country: empty,
    website: empty,
    phone: empty,
    fax: empty,
    building_code: text('The SIS’s identifier of it; empty where it has none.', '200'),
    picture_url: empty,
    links: linksTo('schools/1'),
  },
  {
    title: 'School',
    description: 'A school of the district.',
    examples: [
      {
        id: '1',
        title: 'Larkspur High',
        address1: '',
        address2: '',
        city: '',
        state: '',
        postal_code: '',
        country: '',
        website: '',
        phone: '',
        fax: '',
        building_code: '200',
        picture_url: '',
        links: at('schools/1'),
      },
    ],
  },
);
export type School = TypeOf<typeof SchoolReply>;

export const SchoolsReply = closed(
  { school: Type.Array(SchoolReply), ...page },
  {
    title: 'Schools',
    description: 'A page of schools, by their ids.',
    examples: [{ school: SchoolReply.examples, ...pageOfOne('schools') }],
  },
);

export const BuildingsReply = closed(
  { building: Type.Array(SchoolReply), ...page },
  {
    title: 'Buildings',
    description: 'The buildings of a school: it is its own one.',
    examples: [{ building: SchoolReply.examples, ...pageOfOne('schools/1/buildings') }],
  },
);
