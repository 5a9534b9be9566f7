import { longDay, monthOf } from '../shared/days';
import { Shown, useLoaded } from '../shared/loaded';
import { isEnrolled, type MonthDay, type MonthStudent } from '../shared/reports';
import { useTitle } from '../shared/title';
import { ConflictTable } from './conflict-table';
import { type RollOf, useRoll } from './roll';
import { RollTable } from './roll-table';
import { RollTools } from './roll-tools';
import { SaveState } from './save-state';
import { loadSheet } from './sheet';
import { useSubmitted } from './submitted';

/** Where a roll is taken. */
export function RollPage({ section, date }: { section: number; date: string }) {
  const loaded = useLoaded(`${section} ${date}`, () => loadSheet(section, date));
  return (
    <Shown loaded={loaded}>
      {({ month, stand, loadedAt }) => (
        <Sheet
          of={{ section, date, title: month.section.title, stand, loadedAt }}
          students={month.students.filter((student) => isEnrolled(student, date))}
          day={month.days.find((day) => day.date === date)}
          again={loaded.again}
        />
      )}
    </Shown>
  );
}

interface SheetOptions {
  readonly of: Omit<RollOf, 'students'>;
  readonly students: readonly MonthStudent[];
  readonly day: MonthDay | undefined;
  again(): void;
}

function Sheet({ of, students, day, again }: SheetOptions) {
  const roll = useRoll({ ...of, students: students.map(({ enrollment_id }) => enrollment_id) });
  const submitted = useSubmitted(of);
  useTitle(of.title, longDay(of.date));
  const trouble = roll.entry?.trouble;
  return (
    <>
      <header class="page-head">
        <h1>{of.title}</h1>
        <p class="quiet">
          <time dateTime={of.date}>{longDay(of.date)}</time> ·{' '}
          <a href={`#/sections/${of.section}/month/${monthOf(of.date)}`}>Month</a> ·{' '}
          <a href={`#/sections/${of.section}/changes/${of.date}`}>Changes</a>
        </p>
        <SaveState roll={roll} />
      </header>
      {day && !day.school_day && (
        <p class="notice" role="note">
          {longDay(of.date)} is not a school day{day.reason && `: ${day.reason}`}. A roll of it counts in no rate.
        </p>
      )}
      {trouble?.kind === 'conflict' ? (
        <ConflictTable
          key={trouble.theirs.etag}
          entry={roll.entry!}
          theirs={trouble.theirs}
          students={students}
          onDone={again}
        />
      ) : (
        <>
          <RollTools roll={roll} students={students} onGivenUp={again} of={of} />
          <RollTable roll={roll} students={students} refused={trouble?.items ?? []} submitted={submitted} />
        </>
      )}
    </>
  );
}
