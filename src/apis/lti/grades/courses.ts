import type { Database, Executor } from '../../../database/database';
import { openEpoch } from '../../../database/epoch';
import { text } from '../../../database/query';
import { instant, integer, nullable, oneOf, type RowOf, string } from '../../../database/rows';
import { gradesOfExcused } from '../../../roster/schools';
import type { CourseServices } from '../claims';

/** A course of a platform that is a section of the district. */
export interface CourseKey {
  readonly district: number;
  readonly deployment: number;
  readonly context: string;
  readonly section: number;
}

const courseRow = {
  id: integer,
  district_id: integer,
  deployment_id: integer,
  context: string,
  section_id: integer,
  memberships_url: nullable(string),
  line_items_url: nullable(string),
  line_item_url: nullable(string),
  epoch: string,
  graded: string,
  held_until: instant,
  stamped_at: instant,
  failures: integer,
  failing_since: nullable(instant),
  last_error: string,
};
export type Course = RowOf<typeof courseRow>;

const ruleRow = { grade_late: integer, grade_excused: oneOf(...gradesOfExcused), time_zone: string, made_of: string };
/** By what the grades of a section are made now; `made_of` is another text whenever they may be others. */
export type Rule = RowOf<typeof ruleRow>;

const scoreRow = { person_id: integer, user_id: string, comment: string };
/** What a course was last sent of a student; of who is not known to have a score there the comment is empty. */
export type Score = RowOf<typeof scoreRow>;

/** What came of a turn: the column of the course, what was sent, and whom the platform does not know. */
export interface Sent {
  readonly line_item_url: string | null;
  readonly sent: readonly Score[];
  readonly refused: readonly number[];
}

/** How a course stands after it. */
export interface Standing {
  /** Of what the grades were made that it has by now. */
  readonly graded: string;
  readonly held_until: string;
  readonly look_at: string | null;
  readonly failures: number;
  readonly failing_since: string | null;
  readonly last_error: string;
}

const columns = Object.keys(courseRow)
  .map((name) => `courses.${name}`)
  .join(', ');

/** The courses that are sections, and how far each has been sent the grades of its section. */
export function openCourses(database: Database) {
  const { all, transaction } = database;
  const sql = coursesSql(database);
  const present = openEpoch(database);
  return {
    /** Says what a platform lets rollbook ask for a course, as it has just said, and has it tried again where that did not work. */
    async link(key: CourseKey, services: CourseServices): Promise<void> {
      if (Object.values(services).every((url) => url === null)) return;
      const [at, epoch] = [new Date().toISOString(), await present()];
      await transaction(async (tx) => {
        const [before] = await tx.all(sql.byKey, { ...key });
        // What a database of another time has sent is not known here.
        if (before && before.epoch !== epoch) await tx.all(sql.forget, { district: key.district, course: before.id });
        await tx.all(sql.link, { ...key, ...services, epoch, at });
      });
    },

    /** The course is another section: the column of this one stays as it is. */
    unlink: (key: CourseKey): Promise<void> =>
      transaction(async (tx) => {
        for (const { id } of await tx.all(sql.byKey, { ...key })) await removed(tx, key.district, id);
      }),

    /** Of each deployment but some one course that is to be looked at. */
    due: async (deployments: readonly number[], most: number) => {
      const but = JSON.stringify(deployments.map((id) => [id]));
      return all(sql.due, { epoch: await present(), now: new Date().toISOString(), but, most });
    },

    /**
     * Takes a course until an instant, and the timestamp with which its scores are sent: later than any before, whatever the clock
     * says. Undefined where another process has it.
     */
    claim: (district: number, id: number, seconds: number): Promise<Course | undefined> =>
      transaction(async (tx) => {
        const [course] = await tx.all(sql.byId, { district, id });
        if (!course) return undefined;
        const now = Date.now();
        const stamp = new Date(Math.max(now, Date.parse(course.stamped_at) + 1)).toISOString();
        const until = new Date(now + seconds * 1_000).toISOString();
        return (await tx.all(sql.claim, { district, id, now: new Date(now).toISOString(), stamp, until }))[0];
      }),

    ruleOf: async ({ district_id: district, section_id: section }: Course): Promise<Rule | undefined> =>
      (await all(sql.rule, { district, section }))[0],

    scoresOf: ({ district_id: district, id: course }: Course): Promise<Score[]> =>
      all(sql.scores, { district, course }),

    /** Notes what was sent, and how the course stands; nothing where another process has taken it meanwhile. */
    note: (course: Course, { line_item_url, sent, refused }: Sent, standing: Standing): Promise<void> =>
      transaction(async (tx) => {
        const { graded, held_until, look_at, failures, failing_since, last_error } = standing;
        const stands = { line_item_url, graded, held_until, look_at, failures, failing_since, last_error };
        const key = { district: course.district_id, course: course.id };
        const stamp = course.stamped_at;
        if ((await tx.all(sql.note, { ...key, stamp, ...stands })).length === 0) return;
        const ids = JSON.stringify(refused.map((id) => [id]));
        if (refused.length > 0) await tx.all(sql.removeScores, { ...key, ids });
        const scores = JSON.stringify(sent.map(({ person_id, user_id, comment }) => [person_id, user_id, comment]));
        if (sent.length > 0) await tx.all(sql.addScores, { ...key, scores, at: stamp });
      }),

    /** What the course has of the scores that it was sent is not known any more. */
    forget: ({ district_id: district, id: course }: Course): Promise<unknown> =>
      transaction((tx) => tx.all(sql.forget, { district, course })),

    /** Its deployment is not registered any more. */
    remove: ({ district_id, id }: Course): Promise<void> => transaction((tx) => removed(tx, district_id, id)),

    /** For the operator, who says the district. */
    get: async (district: number, id: number): Promise<Course | undefined> =>
      (await all(sql.byId, { district, id }))[0],

    /** Those of a district: for the operator. */
    list: (district: number) => all(sql.list, { district }),
  };

  async function removed(tx: Executor, district: number, course: number): Promise<void> {
    await tx.all(sql.removeAllScores, { district, course });
    await tx.all(sql.remove, { district, course });
  }
}

/**
 * SQL of what the grades of a section are made of: its attendance, by its revision, and the settings of its school. What else
 * changes them, calendars and enrollments, is looked at once a day.
 */
const madeOf = `cast(sections.revision as text) || ' ' || cast(schools.grade_late as text) || ' ' || schools.grade_excused
  || ' ' || schools.untaken`;

function coursesSql({ knex, rows }: Pick<Database, 'knex' | 'rows'>) {
  const one = 'courses.district_id = :district and courses.id = :id';
  const ofCourse = 'lti_scores.district_id = :district and lti_scores.course_id = :course';
  return {
    byKey: text(
      knex,
      `select courses.id, courses.epoch from lti_courses as courses
      where courses.district_id = :district and courses.deployment_id = :deployment and courses.context = :context
        and courses.section_id = :section`,
      { id: integer, epoch: string },
    ),
    link: text(
      knex,
      `insert into lti_courses (district_id, deployment_id, context, section_id, memberships_url, line_items_url, epoch,
        held_until, stamped_at)
      values (:district, :deployment, :context, :section, :memberships_url, :line_items_url, :epoch, :at, :at)
      on conflict (district_id, deployment_id, context, section_id) do update set
        memberships_url = excluded.memberships_url, line_items_url = excluded.line_items_url, epoch = excluded.epoch,
        graded = case when lti_courses.epoch = excluded.epoch then lti_courses.graded else '' end,
        held_until = case when lti_courses.failures > 0 then excluded.held_until else lti_courses.held_until end,
        failures = 0, failing_since = null`,
    ),
    forget: text(knex, `update lti_scores set comment = '' where ${ofCourse}`),
    due: text(
      knex,
      `select courses.district_id, courses.deployment_id, min(courses.id) as id
      from lti_courses as courses
      join sections on sections.district_id = courses.district_id and sections.id = courses.section_id
      join schools on schools.district_id = sections.district_id and schools.id = sections.school_id
      where courses.held_until <= :now and courses.epoch = :epoch and courses.line_items_url is not null
        and courses.memberships_url is not null and schools.grade_late is not null
        and (courses.graded <> ${madeOf} or courses.look_at <= :now)
        and courses.deployment_id not in (select busy.id from ${rows('but', { id: 'bigint' })} as busy)
      group by courses.district_id, courses.deployment_id
      order by min(courses.held_until)
      limit :most`,
      { district_id: integer, deployment_id: integer, id: integer },
      { acrossDistricts: 'one process sends for all districts' },
    ),
    byId: text(knex, `select ${columns} from lti_courses as courses where ${one}`, courseRow),
    claim: text(
      knex,
      `update lti_courses as courses set held_until = :until, stamped_at = :stamp
      where ${one} and courses.held_until <= :now
      returning ${Object.keys(courseRow).join(', ')}`,
      courseRow,
    ),
    rule: text(
      knex,
      `select schools.grade_late, schools.grade_excused, districts.time_zone, ${madeOf} as made_of
      from sections
      join schools on schools.district_id = sections.district_id and schools.id = sections.school_id
      join districts on districts.id = sections.district_id
      where sections.district_id = :district and sections.id = :section and schools.grade_late is not null`,
      ruleRow,
    ),
    scores: text(
      knex,
      `select lti_scores.person_id, lti_scores.user_id, lti_scores.comment from lti_scores where ${ofCourse}`,
      scoreRow,
    ),
    note: text(
      knex,
      `update lti_courses as courses set line_item_url = :line_item_url, graded = :graded, held_until = :held_until,
        look_at = :look_at, failures = :failures, failing_since = :failing_since, last_error = :last_error
      where courses.district_id = :district and courses.id = :course and courses.stamped_at = :stamp
      returning id`,
      { id: integer },
    ),
    addScores: text(
      knex,
      `insert into lti_scores (district_id, course_id, person_id, user_id, comment, sent_at)
      select :district, :course, said.person_id, said.user_id, said.comment, :at
      from ${rows('scores', { person_id: 'bigint', user_id: 'text', comment: 'text' })} as said
      where true
      on conflict (district_id, course_id, person_id)
      do update set user_id = excluded.user_id, comment = excluded.comment, sent_at = excluded.sent_at`,
    ),
    removeScores: text(
      knex,
      `delete from lti_scores where ${ofCourse}
        and lti_scores.person_id in (select gone.id from ${rows('ids', { id: 'bigint' })} as gone)`,
    ),
    removeAllScores: text(knex, `delete from lti_scores where ${ofCourse}`),
    remove: text(
      knex,
      'delete from lti_courses where lti_courses.district_id = :district and lti_courses.id = :course',
    ),
    list: text(
      knex,
      `select ${columns}, courses.look_at, sections.title as section,
        (select count(*) from lti_scores where lti_scores.district_id = courses.district_id
          and lti_scores.course_id = courses.id and lti_scores.comment <> '') as scores
      from lti_courses as courses
      join sections on sections.district_id = courses.district_id and sections.id = courses.section_id
      where courses.district_id = :district
      order by courses.id`,
      { ...courseRow, look_at: nullable(instant), section: string, scores: integer },
    ),
  };
}
