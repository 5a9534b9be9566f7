import type { MonthStudent } from '../../../schemas/rollbook/history';
import type { RollCode } from '../../../schemas/rollbook/rolls';
import { t } from '../messages/messages';
import { Avatar } from '../shared/avatar';
import { letterOf, PRESENT, type Status, statuses, wordOf } from '../shared/status';
import { OthersNote, OverruledNote, wordsOf } from './authors';
import { CodePicker } from './code-picker';
import { isSame, type Mark, type Said } from './marks';
import { NotSaved } from './save-state';
import { type Submitted, SubmittedNote } from './submitted';

/** What the ledger keeps at most. */
const COMMENT_LENGTH = 2_000;

interface Options {
  readonly student: MonthStudent;
  /** Somebody else on the roll is called the same. */
  readonly isAlike: boolean;
  /** Undefined where nobody has said anything. */
  readonly mark: Mark | undefined;
  /** What somebody else has said, where it stands and where it does not any more. */
  readonly others: Said | undefined;
  readonly overruled: Said | undefined;
  readonly refusal: string | undefined;
  /** By a teacher, as far as it is known. */
  readonly submitted: Submitted | undefined;
  /** Those that can be said in place of the mark's own; none where there is nothing to choose. */
  readonly codes: readonly RollCode[];
  /** Of the roll. */
  readonly date: string;
  /** Whether what stands of them is read, and not changed here. */
  readonly isClosed: boolean;
  onStatus(status: Status): void;
  onCode(code: string): void;
  onComment(comment: string): void;
  /** The comment is complete. */
  onDone(): void;
}

export function StudentRow(options: Options) {
  const { student, isAlike, mark, others, overruled, refusal, submitted, codes, date, isClosed, onCode } = options;
  const { name, person_id, student_number, grades } = student;
  return (
    <li class={`student status-${mark?.status ?? 0} ${isClosed ? 'closed' : ''}`}>
      <fieldset>
        <legend>
          <Avatar name={name} />
          <span>
            <a href={`#/students/${person_id}`}>{name}</a>{' '}
            {isAlike && (
              <span class="quiet">
                {[student_number, grades && t('in-grade', { grades })].filter(Boolean).join(', ')}
              </span>
            )}
          </span>
        </legend>
        {isClosed ? <p class={`standing status-${mark?.status ?? 0}`}>{wordsOf(mark)}</p> : <Choices {...options} />}
        <div class="notes">
          {!isClosed && mark && codes.length > 0 && (
            <CodePicker name={name} mark={mark} codes={codes} onCode={onCode} />
          )}
          {others && <OthersNote said={others} date={date} />}
          {submitted && !isSame(submitted, mark) ? (
            <SubmittedNote submitted={submitted} date={date} />
          ) : (
            overruled && <OverruledNote said={overruled} date={date} />
          )}
          {refusal && (
            <p class="refusal" role="alert">
              <NotSaved why={refusal} />
            </p>
          )}
        </div>
      </fieldset>
    </li>
  );
}

/** The four buttons, and where there is something to say of it, the comment. */
function Choices({ student, mark, ...on }: Options) {
  const { enrollment_id: id, name } = student;
  return (
    <>
      <div class="choices">
        {statuses.map(({ status }) => (
          <label key={status} class={`choice status-${status}`} title={wordOf(status)}>
            <input
              type="radio"
              name={`status-${id}`}
              value={status}
              checked={mark?.status === status}
              onClick={({ currentTarget }) => currentTarget.focus()} // Safari does not by itself
              onChange={() => on.onStatus(status)}
            />
            <span aria-hidden="true">{letterOf(status)}</span>
            <span class="unseen">{wordOf(status)}</span>
          </label>
        ))}
      </div>
      {mark && mark.status !== PRESENT && (
        <>
          <label class="comment-said" for={`comment-${id}`}>
            {mark.comment}
          </label>
          <input
            class="comment"
            id={`comment-${id}`}
            type="text"
            aria-label={t('comment.on', { name })}
            placeholder={t('comment.on', { name })}
            maxLength={COMMENT_LENGTH}
            value={mark.comment}
            onInput={(event) => on.onComment(event.currentTarget.value)}
            onChange={on.onDone}
            onKeyDown={(event) => event.key === 'Enter' && backToStatus(event.currentTarget)}
          />
        </>
      )}
    </>
  );
}

const backToStatus = (comment: HTMLElement) =>
  comment.closest('li')?.querySelector<HTMLInputElement>('input[type=radio]:checked')?.focus();
