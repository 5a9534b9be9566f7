import { academicSessions } from './files/academic-sessions';
import { classes } from './files/classes';
import { courses } from './files/courses';
import { enrollments } from './files/enrollments';
import { orgs } from './files/orgs';
import type { FileSpec } from './files/spec';
import { users } from './files/users';

/** The files of a bundle, in the order in which they refer to each other. */
export const fileSpecs: readonly FileSpec[] = [orgs, academicSessions, courses, classes, users, enrollments];
