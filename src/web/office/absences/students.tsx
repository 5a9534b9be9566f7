import { t } from '../../messages/messages';
import { rich } from '../../messages/rich';
import { StudentFinder } from '../find-student';

/** A student for whom an absence is to be entered. */
export interface Chosen {
  readonly id: number;
  readonly name: string;
  readonly student_number: string;
}

interface Options {
  readonly chosen: readonly Chosen[];
  /** The class that is meant as a whole, if one is. */
  readonly section: string | undefined;
  onChoose(chosen: readonly Chosen[]): void;
}

/** For whom an absence is: students by name, a list of numbers that is pasted, or a class. */
export function Students({ chosen, section, onChoose }: Options) {
  const add = ({ id, name, student_number }: Chosen) =>
    onChoose([...chosen.filter((each) => each.id !== id), { id, name, student_number }]);
  return (
    <fieldset class="pickers">
      <legend>{t('absence.who')}</legend>
      <StudentFinder label={t('absence.add-student')} onFound={add} />
      <label>
        {t('absence.numbers')}
        <textarea name="numbers" rows={2} />
      </label>
      {section && (
        <p>{rich('absence.whole-class', { link: <a href={`#/sections/${section}`}>{t('absence.this-class')}</a> })}</p>
      )}
      <ul class="chosen" aria-label={t('students')}>
        {chosen.map(({ id, name, student_number }) => (
          <li key={id}>
            {name} <span class="quiet">{student_number}</span>{' '}
            <button
              type="button"
              aria-label={t('absence.leave-out', { name })}
              onClick={() => onChoose(chosen.filter((each) => each.id !== id))}
            >
              ✕
            </button>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

interface Beside {
  readonly students: readonly Chosen[];
  readonly section: string | undefined;
  readonly part: 'day' | 'periods' | 'time';
}

/** What the form asks for, as it is sent. */
export function bodyOf(data: FormData, { students, section, part }: Beside): object {
  const text = (name: string): string => String(data.get(name) ?? '').trim();
  const numbers = text('numbers')
    .split(/[\s,;]+/)
    .filter(Boolean);
  const kind = text('kind');
  const times = {
    ...(text('from_time') && { from_time: text('from_time') }),
    ...(text('to_time') && { to_time: text('to_time') }),
  };
  return {
    ...(students.length > 0 && { students: students.map(({ id }) => id) }),
    ...(numbers.length > 0 && { student_numbers: numbers }),
    ...(section && { section: Number(section) }),
    from: text('from'),
    ...(text('to') && { to: text('to') }),
    ...(part === 'periods' && { periods: data.getAll('periods').map(String) }),
    ...(part === 'time' && times),
    ...(kind.startsWith('code ') ? { code: kind.slice(5) } : { status: Number(kind) }),
    ...(text('comment') && { comment: text('comment') }),
    overrule: data.has('overrule'),
  };
}
