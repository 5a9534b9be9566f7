import { useState } from 'preact/hooks';
import type { Letter } from '../../../schemas/rollbook/letters';
import type { Chronic } from '../../../schemas/rollbook/reports';
import { LETTER_FIELD, type LetterField, letterFields } from '../../lib/letter-fields';
import { t } from '../messages/messages';
import { rich } from '../messages/rich';
import { call, get } from '../shared/api';
import { ErrorNotice } from '../shared/error-text';
import { Shown, useLoaded } from '../shared/loaded';
import { percent } from '../shared/rates';
import { dayNamed, may, session } from '../shared/session';
import { useTitle } from '../shared/title';
import { OneSchoolPicker, RangePicker } from './pickers';
import { picks } from './picks';
import { useSchools } from './schools';
import { pathOf, type School } from './wire';

/** Letters to the families of students who are chronically absent, one a page, to be printed or kept as PDF. */
export function LettersPage() {
  const schools = useSchools();
  useTitle(t('letters'));
  return (
    <Shown loaded={schools}>
      {(list) => {
        const school = list.find(({ id }) => String(id) === picks().school) ?? list[0];
        return school ? <OfSchool list={list} school={school} /> : <p>{t('no-schools')}</p>;
      }}
    </Shown>
  );
}

function OfSchool({ list, school }: { list: readonly School[]; school: School }) {
  const { from, to } = picks();
  const path = pathOf('/reports/chronic', { school: school.id, from, to });
  const chronic = useLoaded(path, () => get<Chronic>(path));
  const letter = useLoaded(`letter ${school.id}`, () => get<Letter>(`/schools/${school.id}/chronic-letter`));
  return (
    <>
      <header class="page-head">
        <h1>{t('letters')}</h1>
        <div class="pickers">
          <OneSchoolPicker list={list} school={school} />
          <RangePicker />
        </div>
      </header>
      <Shown loaded={letter}>
        {(known) => (
          <>
            {may('roster:write') && (
              <LetterForm key={`${school.id} ${known.text}`} school={school.id} letter={known} onSaved={letter.again} />
            )}
            <Shown loaded={chronic}>{(found) => <Letters text={known.text} chronic={found} />}</Shown>
          </>
        )}
      </Shown>
    </>
  );
}

interface FormOptions {
  readonly school: number;
  readonly letter: Letter;
  onSaved(): void;
}

/** The text of the school. */
function LetterForm({ school, letter, onSaved }: FormOptions) {
  const [error, setError] = useState<Error>();
  const save = (text: string) => {
    setError(undefined);
    call<Letter>('PUT', `/schools/${school}/chronic-letter`, { body: { text } }).then(onSaved, setError);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save(String(new FormData(event.currentTarget as HTMLFormElement).get('text') ?? ''));
  };
  return (
    <details class="letter-form">
      <summary>{t(letter.usual ? 'letters.text.usual' : 'letters.text')}</summary>
      <form onSubmit={submit}>
        <label>
          {t('text')}
          <textarea
            name="text"
            rows={14}
            maxLength={4_000}
            aria-describedby="letter-fields"
            defaultValue={letter.text}
          />
        </label>
        <p id="letter-fields" class="quiet">
          {t('letters.fields', {
            fields: (Object.keys(letterFields) as LetterField[])
              .map((name) => `{${name}} ${t(`letters.field.${name}`)}`)
              .join('; '),
          })}
        </p>
        <ErrorNotice error={error} sentence={(why) => rich('save.refused', { why })} />
        <div class="actions">
          <button type="submit" class="main">
            {t('letters.save')}
          </button>
          {!letter.usual && (
            <button type="button" onClick={() => save('')}>
              {t('letters.back-to-usual')}
            </button>
          )}
        </div>
      </form>
    </details>
  );
}

function Letters({ text, chronic }: { text: string; chronic: Chronic }) {
  const { students } = chronic;
  if (students.length === 0) return <p role="status">{t('letters.nobody')}</p>;
  return (
    <>
      <p role="status">
        {t('letters.count', { n: students.length })}{' '}
        <button type="button" class="main" onClick={() => window.print()}>
          {t('letters.print')}
        </button>
      </p>
      <div class="letters alone">
        {students.map((student) => (
          <article
            key={`${student.person_id} ${student.school}`}
            class="letter"
            aria-label={t('letters.about', { name: student.name })}
          >
            {filled(text, valuesOf(student, chronic))}
          </article>
        ))}
      </div>
    </>
  );
}

/**
 * The text with what is known in place of its fields; what else is in braces stays. A line with fields of which none is known
 * is left out.
 */
export const filled = (text: string, values: Readonly<Record<LetterField, string>>): string =>
  text
    .split('\n')
    .map((line) => {
      const known = [...line.matchAll(LETTER_FIELD)].map(([field, name]) => values[name as LetterField] ?? field);
      if (known.length > 0 && known.every((value) => value === '')) return undefined;
      return line.replace(LETTER_FIELD, () => known.shift()!);
    })
    .filter((line) => line !== undefined)
    .join('\n');

function valuesOf(
  { name, student_number, grades, school, absent_days, enrolled_days, rate }: Chronic['students'][number],
  { from, to }: Chronic,
): Record<LetterField, string> {
  const { district, today } = session.value!;
  return {
    ...{ name, number: student_number, grade: grades, school, district: district.name },
    ...{ days_missed: String(absent_days), days: String(enrolled_days), percent: percent(rate) },
    ...{ from: dayNamed(from), to: dayNamed(to), today: dayNamed(today) },
  };
}
