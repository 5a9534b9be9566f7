import { isDeepStrictEqual } from 'node:util';
import type { Page } from 'playwright-core';
import { type Stage, TODAY } from './browser';

/** What is done with Algebra's roll of today, and what the service then says of it. */
export const algebra = (stage: Stage) => ({
  open: (page: Page, date = TODAY) =>
    page.goto(`${stage.wire.url}/#/sections/${stage.api.world.sections.algebra}/${date}`),

  /** The exceptions as another client reads them, by name: `{"ada":"2 bus"}`; undefined where the roll was not taken. */
  async marks(date = TODAY): Promise<Record<string, string> | undefined> {
    const { sections, enrollments } = stage.api.world;
    const { body } = await stage.api.get(
      `/v1/sections/${sections.algebra}/attendance?start=${date}&end=${date}&taken=1`,
    );
    const names = new Map(Object.entries(enrollments).map(([name, id]) => [id, name]));
    const said = body.date[0]?.statuses.status.flatMap(({ attendances }: Group) => attendances.attendance);
    return (
      said &&
      Object.fromEntries(
        said.map((mark: Said) => [
          names.get(mark.enrollment_id) ?? mark.enrollment_id,
          `${mark.status} ${mark.comment}`.trim(),
        ]),
      )
    );
  },

  /** Somebody else says so meanwhile. */
  async office(name: 'ada' | 'grace' | 'alan' | 'katherine', status: number, date = TODAY): Promise<void> {
    await stage.api.mark([stage.api.world.enrollments[name], date, status]);
  },

  puts: () => stage.wire.passed.filter((line) => line.startsWith('PUT ')).length,
});

interface Said {
  readonly enrollment_id: number;
  readonly status: number;
  readonly comment: string;
}
interface Group {
  readonly attendances: { readonly attendance: readonly Said[] };
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

/** Asks again and again until the answer is the one expected; fails with the last, after five seconds. */
export async function eventually<Value>(ask: () => Promise<Value>, expected: Value): Promise<void> {
  const end = performance.now() + 5_000;
  for (;;) {
    const value = await ask();
    if (isDeepStrictEqual(value, expected) || performance.now() > end) return expect(value).toEqual(expected);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
