/*
 * `src/web/roll/`: Taking the roll. What is tapped is kept on the device (`roll-store.ts`) and sent when there is a network
 * (`outbox.ts`); who else has written meanwhile is shown.
 */

import { t } from '../messages/messages';
import { noSchoolOn } from '../shared/no-school';
import './roll.css';
import type { MonthStudent, SectionMonth } from '../../../schemas/rollbook/history';
import { monthOf } from '../shared/days';
import { Shown, useLoaded } from '../shared/loaded';
import { isEnrolled } from '../shared/reports';
import { dayNamed, session } from '../shared/session';
import { useTitle } from '../shared/title';
import { ClassesOfDay } from './classes-of-day';
import { ConflictTable } from './conflict-table';
import { Counts } from './counts';
import { OtherDay } from './other-day';
import { type RollOf, useRoll } from './roll';
import { RollAids } from './roll-aids';
import { RollTable } from './roll-table';
import { RollTools } from './roll-tools';
import { SaveState } from './save-state';
import { loadSheet } from './sheet';
import { useSubmitted } from './submitted';
import { UndoQuestion } from './undo-question';

/** Where a roll is taken. */
export function RollPage({ section, date }: { section: number; date: string }) {
  const loaded = useLoaded(`${section} ${date}`, () => loadSheet(section, date));
  return (
    <Shown loaded={loaded}>
      {({ month, stand, loadedAt }) => (
        <Sheet
          of={{ section, date, title: month.section.title, stand, loadedAt }}
          students={month.students.filter((student) => isEnrolled(student, date))}
          closed={closedOn(month, date)}
          again={loaded.again}
        />
      )}
    </Shown>
  );
}

/** Why there is no school on a day, as far as that is known: a month has all days on which there is, and others. */
function closedOn({ month, days }: SectionMonth, date: string): string | undefined {
  const day = days.find((each) => each.date === date);
  return month !== monthOf(date) || day?.school_day ? undefined : (day?.reason ?? '');
}

interface SheetOptions {
  readonly of: Omit<RollOf, 'students'>;
  readonly students: readonly MonthStudent[];
  readonly closed: string | undefined;
  again(): void;
}

function Sheet({ of, students, closed, again }: SheetOptions) {
  const roll = useRoll({ ...of, students: students.map(({ enrollment_id }) => enrollment_id) });
  const submitted = useSubmitted(of);
  const day = dayNamed(of.date);
  useTitle(of.title, day);
  const trouble = roll.entry?.trouble;
  /** Between what two have said; nothing else is done with the roll meanwhile. */
  const isChoosing = trouble?.kind === 'conflict' || trouble?.kind === 'undo';
  /** What was said before everybody left is shown still. */
  const isEmpty = students.length === 0 && !roll.isTaken && !roll.entry;
  return (
    <>
      <header class="page-head">
        <h1>{of.title}</h1>
        <p class="quiet">
          <time dateTime={of.date}>{day}</time> ·{' '}
          <a href={`#/sections/${of.section}/month/${monthOf(of.date)}`}>{t('month')}</a> ·{' '}
          <a href={`#/sections/${of.section}/changes/${of.date}`}>{t('changes')}</a>
          {!roll.isReadOnly && (
            <>
              {' '}
              · <a href={`#/sections/${of.section}/substitute/${of.date}`}>{t('substitute')}</a>
            </>
          )}
          {!session.value!.person && !roll.isReadOnly && (
            <>
              {' '}
              · <a href={`#/absences?section=${of.section}&date=${of.date}`}>{t('roll.class-absence')}</a>
            </>
          )}
        </p>
        {!isEmpty && <Counts roll={roll} students={students} />}
      </header>
      {isEmpty && (
        <p class="notice" role="note">
          {t('roll.empty', { title: of.title, day })}
        </p>
      )}
      {closed !== undefined && !isEmpty && (
        <p class="notice" role="note">
          {noSchoolOn(day, closed)} {t('roll.no-rate')}
        </p>
      )}
      {roll.closedSince && (
        <p class="notice" role="note">
          {t('roll.closed', { day: dayNamed(roll.closedSince) })}
        </p>
      )}
      {roll.isReadOnly && (
        <p class="notice" role="note">
          {t('roll.read-only')}
        </p>
      )}
      {roll.isAhead && !isEmpty && (
        <p class="notice" role="note">
          {t('roll.ahead', { day })}
        </p>
      )}
      {!isEmpty && (
        <div class="roll-bar">
          <SaveState roll={roll} />
          {!isChoosing && !roll.isReadOnly && <RollTools roll={roll} onGivenUp={again} of={of} />}
        </div>
      )}
      {trouble?.kind === 'conflict' ? (
        <ConflictTable key={trouble.theirs.etag} entry={roll.entry!} theirs={trouble.theirs} students={students} />
      ) : trouble?.kind === 'undo' ? (
        <UndoQuestion
          key={JSON.stringify(trouble.question)}
          entry={roll.entry!}
          question={trouble.question}
          students={students}
        />
      ) : (
        !isEmpty && (
          <RollTable
            roll={roll}
            date={of.date}
            students={students}
            refused={trouble?.items ?? []}
            submitted={submitted}
          />
        )
      )}
      <footer class="below-roll">
        {session.value!.person && <ClassesOfDay section={of.section} date={of.date} />}
        <OtherDay date={of.date} to={(date) => `#/sections/${of.section}/${date}`} />
        {!isEmpty && <RollAids of={of} students={students} />}
      </footer>
    </>
  );
}
