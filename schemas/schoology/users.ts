import { Type } from '@sinclair/typebox';
import { closed, oneOf, parameterOrEmpty, type TypeOf } from '../types';
import {
  at,
  empty,
  flag,
  idNumber,
  idText,
  linksTo,
  nothing,
  page,
  pageOfOne,
  paging,
  refusedSwitch,
  text,
  zero,
} from './parts';

export const UsersQuery = Type.Object(
  {
    ...paging,
    building_id: parameterOrEmpty('Only those of this school.', '1'),
    school_id: parameterOrEmpty('The same as `building_id`.', '1'),
    role_ids: parameterOrEmpty('Only those who have one of these roles: ids, separated by commas.', '1,2'),
    school_uids: parameterOrEmpty('Only these: up to 50 ids of the SIS, separated by commas.', 'S-100126,S-100127'),
    parent_access_codes: refusedSwitch('there are no parents here'),
  },
  {
    title: 'UsersQuery',
    description:
      'Which users, and which page. An empty value is an absent one; parameters that are not documented are ignored.',
    examples: [{ school_uids: 'S-100126,S-100127' }, { role_ids: '2', building_id: '1' }, { start: '20', limit: '50' }],
  },
);

const whichRole = '1 student, 2 teacher, 3 administrator, 4 aide, 5 whatever else the SIS says.';
const roleId = oneOf(['1', '2', '3', '4', '5'], { description: whichRole, examples: ['1'] });

export const UserReply = closed(
  {
    uid: idText('The id of the user, as text.', '126'),
    id: Type.Integer({ description: 'The id of the user.', examples: [126] }),
    school_id: idNumber('The id of the user’s school; 0 where there is none.', 1),
    synced: flag('1: the user comes from the SIS.', 1),
    building_id: idNumber('The same as `school_id`.', 1),
    additional_buildings: empty,
    school_uid: text('The id that the SIS gave the user; empty where it gave none.', 'S-100126'),
    name_title: empty,
    name_title_show: zero,
    name_first: text('The given name.', 'Emmy'),
    name_first_preferred: text('The name the user goes by, in place of the given name; may be empty.', ''),
    name_middle: text('The middle name; may be empty.', ''),
    name_middle_show: zero,
    name_last: text('The family name.', 'Noether'),
    name_display: text(
      'What the user is called: the name that is preferred, else the first, and the last.',
      'Emmy Noether',
    ),
    username: text('The name of the user in the SIS; may be empty.', 'enoether'),
    primary_email: text('The e-mail address; may be empty.', 'emmy@example.org'),
    picture_url: empty,
    profile_url: empty,
    gender: nothing,
    position: nothing,
    grad_year: empty,
    password: empty,
    role_id: oneOf([1, 2, 3, 4, 5], { description: whichRole, examples: [2] }),
    tz_offset: Type.Number({ description: 'How many hours that is before UTC now.', examples: [-7] }),
    tz_name: text('The time zone of the district.', 'America/Los_Angeles'),
    parents: nothing,
    child_uids: nothing,
    send_message: zero,
    links: linksTo('users/126'),
  },
  {
    title: 'User',
    description: 'A person of the district.',
    examples: [
      {
        uid: '126',
        id: 126,
        school_id: 1,
        synced: 1,
        building_id: 1,
        additional_buildings: '',
        school_uid: 'S-100126',
        name_title: '',
        name_title_show: 0,
        name_first: 'Emmy',
        name_first_preferred: '',
        name_middle: '',
        name_middle_show: 0,
        name_last: 'Noether',
        name_display: 'Emmy Noether',
        username: 'enoether',
        primary_email: 'emmy@example.org',
        picture_url: '',
        profile_url: '',
        gender: null,
        position: null,
        grad_year: '',
        password: '',
        role_id: 2,
        tz_offset: -7,
        tz_name: 'America/Los_Angeles',
        parents: null,
        child_uids: null,
        send_message: 0,
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

export const InactiveUserReply = closed(
  {
    uid: Type.Integer({ description: 'The id of the user.', examples: [127] }),
    name: text('What the user is called.', 'Sophie Germain'),
    school_uid: text('The id that the SIS gave the user; empty where it gave none.', 'S-100127'),
    synced: flag('1: the user comes from the SIS.', 1),
    inactive_timestamp: zero,
    modified_by_uid: zero,
    links: linksTo('users/inactive/127'),
  },
  {
    title: 'InactiveUser',
    description: 'A person whom the SIS lists no longer. Since when, and by whom, is not known.',
    examples: [
      {
        uid: 127,
        name: 'Sophie Germain',
        school_uid: 'S-100127',
        synced: 1,
        inactive_timestamp: 0,
        modified_by_uid: 0,
        links: at('users/inactive/127'),
      },
    ],
  },
);
export type InactiveUser = TypeOf<typeof InactiveUserReply>;

export const InactiveUsersReply = closed(
  {
    user: Type.Array(InactiveUserReply),
    total: Type.Integer({ minimum: 0, description: 'How many there are on all pages together.', examples: [41] }),
    links: page.links,
  },
  {
    title: 'InactiveUsers',
    description: 'A page of inactive users, by their ids.',
    examples: [{ user: InactiveUserReply.examples, ...pageOfOne('users/inactive'), total: 1 }],
  },
);

export const AppUserInfoReply = closed(
  {
    api_uid: Type.Integer({ description: 'The id of the person whom the client acts for.', examples: [126] }),
    web_session_timestamp: zero,
  },
  {
    title: 'AppUserInfo',
    description:
      'Whom the client acts for. There are no web sessions of Schoology here, so that there is no time of one.',
    examples: [{ api_uid: 126, web_session_timestamp: 0 }],
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
