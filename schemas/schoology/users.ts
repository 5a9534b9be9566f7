import { Type } from '@sinclair/typebox';
import { closed, oneOf, parameter, type TypeOf } from '../types';
import { at, empty, flag, idText, linksTo, page, pageOfOne, paging, text } from './parts';

export const UsersQuery = Type.Object(
  {
    ...paging,
    school_uids: parameter('Only these: up to 50 ids of the SIS, separated by commas.', 'S-100126,S-100127'),
  },
  {
    title: 'UsersQuery',
    description: 'Which users, and which page. An empty value is an absent one; other parameters are ignored.',
    examples: [{ school_uids: 'S-100126,S-100127' }, { start: '20', limit: '50' }],
  },
);

const roleId = oneOf(['1', '2', '3', '4', '5'], {
  description: '1 student, 2 teacher, 3 administrator, 4 aide, 5 whatever else the SIS says.',
  examples: ['1'],
});

export const UserReply = closed(
  {
    uid: idText('The id of the user, as text.', '126'),
    id: Type.Integer({ description: 'The id of the user.', examples: [126] }),
    school_id: idText('The id of the user’s school; empty where there is none.', '1'),
    building_id: idText('The same as `school_id`.', '1'),
    school_uid: text('The id that the SIS gave the user; empty where it gave none.', 'S-100126'),
    name_title: empty,
    name_first: text('The given name.', 'Emmy'),
    name_first_preferred: text('The name the user goes by, in place of the given name; may be empty.', ''),
    name_middle: text('The middle name; may be empty.', ''),
    name_last: text('The family name.', 'Noether'),
    name_display: text(
      'What the user is called: the name that is preferred, else the first, and the last.',
      'Emmy Noether',
    ),
    username: text('The name of the user in the SIS; may be empty.', 'enoether'),
    primary_email: text('The e-mail address; may be empty.', 'emmy@example.org'),
    role_id: roleId,
    tz_name: text('The time zone of the district.', 'America/Los_Angeles'),
    links: linksTo('users/126'),
  },
  {
    title: 'User',
    description: 'A person of the district.',
    examples: [
      {
        uid: '126',
        id: 126,
        school_id: '1',
        building_id: '1',
        school_uid: 'S-100126',
        name_title: '',
        name_first: 'Emmy',
        name_first_preferred: '',
        name_middle: '',
        name_last: 'Noether',
        name_display: 'Emmy Noether',
        username: 'enoether',
        primary_email: 'emmy@example.org',
        role_id: '2',
        tz_name: 'America/Los_Angeles',
        links: at('users/126'),
      },
    ],
  },
);
export type User = TypeOf<typeof UserReply>;

export const UsersReply = closed(
  { user: Type.Array(UserReply), ...page },
  {
    title: 'Users',
    description: 'A page of users, by their ids.',
    examples: [{ user: UserReply.examples, ...pageOfOne('users') }],
  },
);

export const RoleReply = closed(
  {
    id: roleId,
    title: text('What it is called.', 'Teacher'),
    faculty: flag('1: of those who work there.', 1),
    role_type: Type.Literal(1, { description: 'Always 1.', examples: [1] }),
    links: linksTo('roles/2'),
  },
  {
    title: 'Role',
    description: 'A role that users have. Every district has the same five.',
    examples: [{ id: '2', title: 'Teacher', faculty: 1, role_type: 1, links: at('roles/2') }],
  },
);
export type Role = TypeOf<typeof RoleReply>;

export const RolesReply = closed(
  { role: Type.Array(RoleReply), ...page },
  {
    title: 'Roles',
    description: 'A page of roles.',
    examples: [{ role: RoleReply.examples, ...pageOfOne('roles') }],
  },
);
