import { setTimeout as pause } from 'node:timers/promises';
import { PATIENCE } from './client';
import type { Entries } from './entry';
import type { School } from './school';

interface Answer {
  readonly date: readonly {
    readonly statuses: {
      readonly status: readonly {
        readonly attendances: {
          readonly attendance: readonly { status: number; enrollment_id: number; date: string }[];
        };
      }[];
    };
  }[];
  readonly totals: { readonly total: readonly { readonly status: number; readonly count: number }[] };
}

/** All of a section as an API answers it. Throws where the totals of the answer are not those of its marks. */
async function answerOf(url: string, section: number, token: string): Promise<string[]> {
  const response = await fetch(`${url}/v1/sections/${section}/attendance`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(PATIENCE),
  });
  const text = await response.text(); // throws where the answer was cut
  if (response.status === 503) throw new TypeError('away');
  if (response.status !== 200) throw new Error(`GET of section ${section} was answered ${response.status} ${text}`);
  const { date, totals } = JSON.parse(text) as Answer;
  const marks = date.flatMap(({ statuses }) => statuses.status.flatMap(({ attendances }) => attendances.attendance));
  for (const { status, count } of totals.total) {
    const there = marks.filter((mark) => mark.status === status).length;
    if (there !== count) throw new Error(`GET of section ${section} says ${count} of ${status} and has ${there}`);
  }
  return marks.map((mark) => `${mark.enrollment_id} ${mark.date} ${mark.status}`);
}

/** What fetch says of a connection that was cut, and of one that was given up. */
const isCut = (error: unknown): boolean => ['TypeError', 'TimeoutError'].includes((error as Error).name);

/** Reads section after section until the service is gone: what it answers as whole is whole. */
export async function read(url: string, { sections, token }: School, until: AbortSignal): Promise<void> {
  while (!until.aborted)
    for (const { id } of sections) {
      try {
        await answerOf(url, id, token);
      } catch (error) {
        if (!isCut(error)) throw error;
        return;
      }
      await pause(5);
    }
}

/** A service closes connections on which nothing was asked for some seconds, perhaps just when something is: once more. */
const answerOnceMore: typeof answerOf = (...asked) =>
  answerOf(...asked).catch((error) => {
    if (isCut(error)) return answerOf(...asked);
    throw error;
  });

/** Says in what the answers differ from the marks that stand. */
export async function answersAgree(url: string, { sections, token }: School, stands: Entries): Promise<string[]> {
  const answered = (await Promise.all(sections.map(({ id }) => answerOnceMore(url, id, token)))).flat().sort();
  const marks = [...stands]
    .flatMap(([key, { mark }]) => (mark === undefined || mark.startsWith('1') ? [] : [`${key} ${mark[0]}`]))
    .sort();
  return answered.join() === marks.join()
    ? []
    : [
        `GET answers ${answered.length} marks, ${marks.length} stand, and they are not the same: ` +
          `${shown(marks, answered)} stand and are not answered, ${shown(answered, marks)} are answered and do not stand.`,
      ];
}

/** The first of those that are not among the others. */
const shown = (marks: readonly string[], others: readonly string[]): string =>
  marks
    .filter((mark) => !others.includes(mark))
    .slice(0, 5)
    .join(', ') || 'none';
