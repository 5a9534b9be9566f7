import type { RollSummary } from '../../../schemas/rollbook/reports';
import { t } from '../messages/messages';
import { useLoaded } from '../shared/loaded';
import { compareNames } from '../shared/session';
import { loadRolls } from './day';

/** The teacher's classes of a day in the order of their periods, and which of them comes after this one. */
export function ClassesOfDay({ section, date }: { section: number; date: string }) {
  const { value } = useLoaded(`rolls ${date}`, () => loadRolls(date));
  const rolls = [...(value?.rolls ?? [])].sort(byPeriod);
  const here = rolls.findIndex(({ section_id }) => section_id === section);
  const next = here < 0 ? undefined : rolls[here + 1];
  if (rolls.length < 2) return null;
  const at = (roll: RollSummary) => `#/sections/${roll.section_id}/${date}`;
  return (
    <nav class="classes" aria-label={t('classes.of-day')}>
      {next && (
        <a class="button" href={at(next)}>
          {t('classes.next', { name: nameOf(next) })}
        </a>
      )}
      <ol>
        {rolls.map((roll, index) => (
          <li key={roll.section_id}>
            <a href={at(roll)} aria-current={index === here ? 'page' : undefined}>
              {nameOf(roll)}
            </a>{' '}
            {index !== here && <span class="quiet">{t(roll.taken_at ? 'roll.is-taken' : 'roll.is-not-taken')}</span>}
          </li>
        ))}
      </ol>
    </nav>
  );
}

const byPeriod = (one: RollSummary, other: RollSummary): number =>
  compareNames(one.periods, other.periods) || compareNames(one.title, other.title);

const nameOf = ({ periods, title }: RollSummary): string =>
  periods ? t('classes.in-period', { periods, title }) : title;
