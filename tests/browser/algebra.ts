import { isDeepStrictEqual } from 'node:util';
import type { Page } from 'playwright-core';
import { type Stage, TODAY } from './browser';

/** What is done with Algebra's roll of today, and what the service then says of it. */
export const algebra = (stage: Stage) => ({
  open: (page: Page, date = TODAY) =>
    page.goto(`${stage.wire.url}/#/sections/${stage.api.world.sections.algebra}/${date}`),

  /** What another client reads of the students, by name: `{"ada":"2 bus"}`; undefined where nobody has said anything. */
  async marks(date = TODAY): Promise<Record<string, string> | undefined> {
    const { taken_at, statuses } = await rollOf(stage, date);
    const names = new Map(Object.entries(stage.api.world.enrollments).map(([name, id]) => [id, name]));
    const said = statuses.map(({ enrollment_id, status, comment }) => [
      names.get(enrollment_id) ?? enrollment_id,
      `${status} ${comment}`.trim(),
    ]);
    return said.length === 0 && taken_at === null ? undefined : Object.fromEntries(said);
  },

  isTaken: async (date = TODAY): Promise<boolean> => (await rollOf(stage, date)).taken_at !== null,

  /** Somebody else says so of a student meanwhile. */
  async office(name: Student, status: number | null, date = TODAY): Promise<void> {
    await write(stage, date, { statuses: [{ enrollment_id: stage.api.world.enrollments[name], status }] });
  },

  /** Somebody else takes the roll meanwhile. */
  officeTakes: (date = TODAY): Promise<void> => write(stage, date, { taken: true }),

  /** Somebody else says that the roll was not taken. */
  officeUntakes: (date = TODAY): Promise<void> => write(stage, date, { taken: false }),

  /** More students than the small school has. */
  async enrollMore(count: number): Promise<void> {
    const { database, enrollments } = stage.api.world;
    const { id: _enrollment, ...enrollment } = await database
      .knex('enrollments')
      .where({ id: enrollments.ada })
      .first();
    const { id: _person, ...person } = await database.knex('people').where({ id: enrollment.person_id }).first();
    for (let index = 0; index < count; index++) {
      const named = { sourced_id: `more-${index}`, username: `more-${index}`, family_name: `Student ${index}` };
      const [{ id }] = await database
        .knex('people')
        .insert({ ...person, ...named })
        .returning('id');
      await database.knex('enrollments').insert({ ...enrollment, person_id: id, sourced_id: named.sourced_id });
    }
  },

  /** How often the page has written. */
  writes: () => stage.wire.passed.filter((line) => line.startsWith('PATCH ')).length,
});

type Student = 'ada' | 'grace' | 'alan' | 'katherine';

interface Roll {
  readonly taken_at: string | null;
  readonly statuses: readonly { readonly enrollment_id: number; readonly status: number; readonly comment: string }[];
}

const pathOf = ({ api }: Stage, date: string) => `/rolls/${api.world.sections.algebra}/${date}`;
const rollOf = async (stage: Stage, date: string): Promise<Roll> => (await stage.api.get(pathOf(stage, date))).body;

async function write(stage: Stage, date: string, body: object): Promise<void> {
  expect((await stage.api.patch(pathOf(stage, date)).send(body)).status).toBe(200);
}

export const radio = (page: Page, student: string, status: string) =>
  page.getByRole('group', { name: student }).getByRole('radio', { name: status });

/** Touches a status as a finger or a mouse does. */
export const tap = (page: Page, student: string, status: string) => radio(page, student, status).click();

export const state = (page: Page) => page.locator('.save-state');
export const saved = (page: Page) =>
  state(page)
    .getByText(/^Saved/)
    .waitFor();

/** The roll is taken, and that is on the server. */
export const taken = (page: Page) =>
  state(page)
    .getByText(/^Saved.*\. Taken$/)
    .waitFor();

/** Takes the roll: whoever has no mark is present. */
export async function done(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Done' }).click();
  await taken(page);
}

/** Asks again and again until the answer is the one expected; fails with the last, after 20 seconds. */
export async function eventually<Value>(ask: () => Promise<Value>, expected: Value): Promise<void> {
  const end = performance.now() + 20_000;
  for (;;) {
    const value = await ask();
    if (isDeepStrictEqual(value, expected) || performance.now() > end) return expect(value).toEqual(expected);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
