import { useState } from 'preact/hooks';
import type { Letter } from '../../../schemas/rollbook/letters';
import type { Chronic } from '../../../schemas/rollbook/reports';
import { type LetterField, letterFields } from '../../lib/letter-fields';
import { type LetterLanguage, letterLanguages, usualLetters } from '../../lib/usual-letters';
import { languages } from '../messages/language';
import { t } from '../messages/messages';
import { rich } from '../messages/rich';
import { call, get } from '../shared/api';
import { ErrorNotice } from '../shared/error-text';
import { Shown, useLoaded } from '../shared/loaded';
import { may, session } from '../shared/session';
import { useTitle } from '../shared/title';
import { filled, letterFormat } from './letter-text';
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
              <LetterForm
                key={`${school.id} ${known.language} ${known.text}`}
                school={school.id}
                letter={known}
                onSaved={letter.again}
              />
            )}
            <Shown loaded={chronic}>{(found) => <Letters letter={known} chronic={found} />}</Shown>
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

/** The text of the school, and its language: the usual text is of the language that is chosen. */
function LetterForm({ school, letter, onSaved }: FormOptions) {
  const [error, setError] = useState<Error>();
  const [language, setLanguage] = useState(letter.language);
  const save = (text: string) => {
    setError(undefined);
    call<Letter>('PUT', `/schools/${school}/chronic-letter`, { body: { text, language } }).then(onSaved, setError);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget as HTMLFormElement).get('text') ?? '');
    save(text === usualLetters[language] ? '' : text);
  };
  const choose = ({ value, form }: HTMLSelectElement) => {
    const next = value as LetterLanguage;
    const text = form!.elements.namedItem('text') as HTMLTextAreaElement;
    if (text.value === usualLetters[language]) text.value = usualLetters[next];
    setLanguage(next);
  };
  return (
    <details class="letter-form">
      <summary>{t(letter.usual ? 'letters.text.usual' : 'letters.text')}</summary>
      <form onSubmit={submit}>
        <label>
          {t('letters.language')}
          <select name="language" value={language} onChange={({ currentTarget }) => choose(currentTarget)}>
            {letterLanguages.map((each) => (
              <option key={each} value={each} lang={each} selected={each === language}>
                {languages[each]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('text')}
          <textarea
            lang={language}
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

function Letters({ letter: { text, language }, chronic }: { letter: Letter; chronic: Chronic }) {
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
            <div lang={language}>{filled(text, valuesOf(student, chronic, language))}</div>
          </article>
        ))}
      </div>
    </>
  );
}

function valuesOf(
  { name, student_number, grades, school, absent_days, enrolled_days, rate }: Chronic['students'][number],
  { from, to }: Chronic,
  language: LetterLanguage,
): Record<LetterField, string> {
  const { district, today } = session.value!;
  const { day, percent } = letterFormat(language, district.language);
  return {
    ...{ name, number: student_number, grade: grades, school, district: district.name },
    ...{ days_missed: String(absent_days), days: String(enrolled_days), percent: percent(rate) },
    ...{ from: day(from), to: day(to), today: day(today) },
  };
}
