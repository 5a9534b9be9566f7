import { Type } from '@sinclair/typebox';
import { closed, oneOf, type TypeOf } from '../types';
import { Handle } from './launch';

export const LinkBody = closed(
  {
    handle: Handle,
    page: oneOf(['roll', 'own', 'month'], {
      description: 'The roll, a student’s own attendance, or a month of the section.',
      examples: ['roll'],
    }),
  },
  {
    title: 'LtiLink',
    description: 'What a link in a course of the platform is of.',
    examples: [{ handle: 'x', page: 'roll' }],
  },
);

export const LinkReply = closed(
  {
    return_url: Type.String({ description: 'Where the page sends the form.' }),
    jwt: Type.String({ description: 'What is in its field `JWT`: the link, signed by rollbook.' }),
  },
  {
    title: 'LtiLinked',
    description: 'What the page hands to the platform (Deep Linking 2.0).',
    examples: [{ return_url: 'https://lms.example.org/deep-links', jwt: 'x' }],
  },
);
export type LtiLinked = TypeOf<typeof LinkReply>;
