/*
 * `src/apis/lti/grades/`: The attendance grade goes to the gradebook of the platform. `courses.ts` keeps which course is which section and what
 * it was sent, `sender.ts` looks for what has changed and sends it, `line-item.ts` is the column at the platform.
 */
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Audit } from '../../../audit/audit';
import type { Secrets } from '../../../clients/secrets';
import type { Database } from '../../../database/database';
import { today } from '../../../days';
import type { Ledger } from '../../../ledger/ledger';
import { gradeOf, openTallies, type Tally } from '../../../reports/grade';
import { type Networks, type Resolve, resolveName } from '../../../webhooks/addresses';
import { delayAfter } from '../../../webhooks/retry';
import { openMatching } from '../match';
import { membersOf } from '../members';
import { openPlatforms, type Platform } from '../platforms';
import { openServices, ServiceError, scopes } from '../services';
import { type Course, openCourses, type Rule, type Score } from './courses';
import { isThere, lineItemOf, sendScore } from './line-item';

/** How often it is looked for what has changed, and how long is waited after something went wrong that is ours, in milliseconds. */
const POLL = 2_000;
const REST = 5_000;
/** Courses that are sent something at a time: one of a deployment; a district has three quarters of them at most. */
const AT_ONCE = 16;
const OF_A_DISTRICT = 12;
/** Deployments that are let alone since their platform failed, and are remembered. */
const REMEMBERED = 1_000;
/** Seconds: a teacher who marks one student after the other makes one turn of them. */
const PAUSE = 10;
/** Seconds: for so long scores are sent in one turn, and for so long a course is one process's. What is left comes in the next turn. */
const TURN = 60;
const HELD = 180;
/** Seconds until the grades are looked at again, for what raises no revision. */
const DAILY = 86_400;
/** How long scores that are on their way may take to arrive once the process is told to stop, in milliseconds. */
const LEAVING = 2_000;

export interface GradeSenderOptions {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly secrets: Secrets;
  readonly networks: Networks;
  /** Where it is noted whose grades were sent, if that is wanted. */
  readonly audit?: Pick<Audit, 'note'> | undefined;
  readonly log: Pick<Logger, 'warn'>;
  /** Tells of what goes wrong and is not a platform's fault. */
  readonly onFault: (error: unknown) => void;
  /** In place of asking name servers. */
  readonly resolve?: Resolve;
  /** In place of `PAUSE`, where tests cannot wait so long. */
  readonly pause?: number;
}

/** A score that is to be sent. */
interface Due extends Score {
  readonly grade: number | undefined;
}

/** A course that is sent its scores, and how far that has come. */
interface Sending {
  readonly course: Course;
  readonly platform: Platform;
  readonly rule: Rule;
  line_item_url: string | null;
  readonly sent: Score[];
  /** People whom the platform does not know, or not as students of the course. */
  readonly refused: number[];
}

/**
 * Sends each course the grades of its section, as they stand, whenever they may have changed: a grade is a state, so that only the latest
 * counts, and a course that was away is sent one score for each student, not each of the changes. A course is noted as told only once
 * it has answered: what is not noted before a crash is sent again, with a later timestamp.
 */
export function openGradeSender(options: GradeSenderOptions) {
  const { database, secrets, networks, audit, log, onFault, resolve = resolveName, pause = PAUSE } = options;
  const stop = new AbortController();
  const courses = openCourses(database);
  const platforms = openPlatforms(database);
  const services = openServices(database, secrets, { networks, resolve, stop: stop.signal });
  const tallies = openTallies(database, options.ledger);
  const matching = openMatching(database);
  /** The deployments to which something is on its way. */
  const working = new Map<number, { readonly district: number; readonly done: Promise<void> }>();
  /** Until when a deployment is let alone. */
  const resting = new LRUCache<number, number>({ max: REMEMBERED });
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> | undefined;
  let rest = 0; // until when nothing is done

  async function look(): Promise<void> {
    const now = performance.now();
    if (now < rest) return;
    const alone = [...resting].flatMap(([deployment, until]) => (now < until ? [deployment] : []));
    try {
      for (const { district_id, deployment_id, id } of await courses.due([...working.keys(), ...alone], AT_ONCE)) {
        const ofDistrict = [...working.values()].filter(({ district }) => district === district_id).length;
        if (working.size >= AT_ONCE || stop.signal.aborted) return;
        if (ofDistrict >= OF_A_DISTRICT) continue;
        const done = turn(district_id, id)
          .catch(onFault)
          .finally(() => working.delete(deployment_id));
        working.set(deployment_id, { district: district_id, done });
      }
    } catch (error) {
      rest = performance.now() + REST;
      onFault(error);
    }
  }

  /** One turn of a course: what has changed of it is sent, as far as time goes. */
  async function turn(district: number, id: number): Promise<void> {
    const course = await courses.claim(district, id, HELD);
    const rule = course && (await courses.ruleOf(course));
    if (!course || !rule) return;
    const place = await platforms.deploymentById(course.deployment_id);
    const platform = place?.district_id === district ? await platforms.byId(place.platform_id) : undefined;
    if (!platform) return void (await courses.remove(course));
    const sending: Sending = { course, platform, rule, line_item_url: course.line_item_url, sent: [], refused: [] };
    try {
      const isDone = await sendAll(sending);
      const count = sending.refused.length;
      await courses.note(course, sending, {
        graded: isDone ? rule.made_of : course.graded,
        held_until: after(pause),
        look_at: after(isDone ? DAILY : 0),
        ...{ failures: 0, failing_since: null },
        last_error: count > 0 ? `The LMS refused the scores of ${count} of the students.` : '',
      });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      await failed(sending, error);
    }
  }

  async function failed(sending: Sending, error: ServiceError): Promise<void> {
    const { course } = sending;
    const { graded, failing_since, last_error } = course;
    // It is no failure that this process ends.
    if (stop.signal.aborted)
      return courses.note(course, sending, { ...course, held_until: after(0), look_at: after(0), last_error });
    const [failures, now] = [course.failures + 1, new Date().toISOString()];
    const seconds = delayAfter(failures, error.status, error.retryAfter);
    if (error.ofPlatform) resting.set(course.deployment_id, performance.now() + Math.min(seconds, HELD) * 1_000);
    const { id, district_id } = course;
    if (failures === 1) log.warn({ course: id, district: district_id, error: error.message }, 'an LMS takes no grades');
    await courses.note(course, sending, {
      ...{ graded, failures, held_until: after(seconds), look_at: now },
      ...{ failing_since: failing_since ?? now, last_error: error.message },
    });
  }

  /** Whether all was sent; how far it came is in what it was given. */
  async function sendAll(sending: Sending): Promise<boolean> {
    const { course, platform, sent, refused } = sending;
    const scope = `${scopes.lineItems} ${scopes.scores}`;
    const [columns, scores] = [services(platform, scope), services(platform, scope, [400, 404, 422])];
    const end = performance.now() + TURN * 1_000;
    for (const score of await dueOf(sending)) {
      if (performance.now() > end || stop.signal.aborted) return false;
      sending.line_item_url ??= await lineItemOf(columns, course.line_items_url!, course.section_id);
      const { person_id, user_id: user, comment, grade } = score;
      const timestamp = course.stamped_at;
      const status = await sendScore(scores, sending.line_item_url, { user, grade, comment, timestamp });
      if (status === 404 && !(await isThere(scores, sending.line_item_url))) return begunAgain(sending);
      if (status < 300) sent.push(score);
      else refused.push(person_id); // who is not in the course any more
      note(course, person_id, sending.line_item_url);
    }
    return true;
  }

  /** The column was deleted: the next turn makes another one, which gets all scores. */
  async function begunAgain(sending: Sending): Promise<false> {
    sending.line_item_url = null;
    sending.sent.length = 0;
    await courses.forget(sending.course);
    return false;
  }

  /** Students whose grade is another than the one that was sent; those whom the platform does not know are none. */
  async function dueOf({ course, platform, rule }: Sending): Promise<Due[]> {
    const counted = await tallies(course.district_id, course.section_id, today(rule.time_zone));
    const known = new Map((await courses.scoresOf(course)).map((score) => [score.person_id, score]));
    const changed = [...counted]
      .map(([person_id, tally]) => ({ person_id, grade: gradeOf(tally, rule), comment: commentOf(tally, rule) }))
      .filter(({ person_id, grade, comment }) =>
        known.has(person_id) ? known.get(person_id)!.comment !== comment : grade !== undefined,
      );
    const isNew = changed.some(({ person_id }) => !known.has(person_id));
    const users = isNew ? await usersOf(course, platform) : new Map<number, string>();
    return changed.flatMap((score) => {
      const user_id = known.get(score.person_id)?.user_id ?? users.get(score.person_id);
      return user_id === undefined ? [] : [{ ...score, user_id }];
    });
  }

  /** What the platform calls the students who are in the course, by person. */
  async function usersOf(course: Course, platform: Platform): Promise<Map<number, string>> {
    const personOf = await matching.of(course.district_id, course.section_id, platform);
    const users = new Map<number, string>();
    for await (const page of membersOf(services(platform, scopes.members), course.memberships_url!))
      for (const member of page.filter(({ roles, active }) => roles.learner && active)) {
        const person = personOf(member);
        if (person !== undefined) users.set(person, member.user);
      }
    return users;
  }

  /** Also of a score that was refused: whoever was sent it may have kept it. */
  function note({ district_id: district, section_id: section }: Course, person: number, lineItem: string): void {
    const sent = { host: new URL(lineItem).host };
    const reader = { district, api: 'rollbook', client: null, person: null };
    audit?.note(reader, 'lti grades', { person, section, records: 1, sent });
  }

  const wake = () => {
    current ??= look().finally(() => {
      current = undefined;
    });
  };

  return {
    start(): void {
      timer ??= setInterval(wake, POLL).unref();
      wake();
    },

    /** Looks now, and waits until what is to be sent now was sent: for tests. */
    async sendNow(): Promise<void> {
      await current;
      await look();
      await Promise.all([...working.values()].map(({ done }) => done));
    },

    /** Lets what is on its way arrive. What does not arrive soon is sent again, by whichever process is next. */
    async stop(): Promise<void> {
      clearInterval(timer);
      const late = setTimeout(() => stop.abort(), LEAVING);
      await current;
      await Promise.all([...working.values()].map(({ done }) => done));
      clearTimeout(late);
    },
  };
}

const after = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();

/** What students and teachers read beside the grade. It has all of which the grade is made, so that another grade has another comment. */
function commentOf({ present, late, absent, excused }: Tally, { grade_late, grade_excused }: Rule): string {
  const asExcused = grade_excused === 'present' ? 'counts as present' : 'not counted';
  return [
    `${present} present`,
    `${late} late (${grade_late}% each)`,
    `${absent} absent`,
    `${excused} excused (${asExcused})`,
  ].join(', ');
}
