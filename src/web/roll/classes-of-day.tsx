import type { RollSummary } from '../../../schemas/rollbook/reports';
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
    <nav class="classes" aria-label="Classes of the day">
      {next && (
        <a class="button" href={at(next)}>
          Next class: {nameOf(next)}
        </a>
      )}
      <ol>
        {rolls.map((roll, index) => (
          <li key={roll.section_id}>
            <a href={at(roll)} aria-current={index === here ? 'page' : undefined}>
              {nameOf(roll)}
            </a>{' '}
            {index !== here && <span class="quiet">{roll.taken_at ? 'taken' : 'not taken'}</span>}
          </li>
        ))}
      </ol>
    </nav>
  );
}

const byPeriod = (one: RollSummary, other: RollSummary): number =>
  compareNames(one.periods, other.periods) || compareNames(one.title, other.title);

const nameOf = ({ periods, title }: RollSummary): string => (periods ? `period ${periods}, ${title}` : title);
