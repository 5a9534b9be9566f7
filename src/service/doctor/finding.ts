/** How it is: as it should be, worth a look, or to be put right before rollbook is used. */
export type Level = 'ok' | 'warning' | 'error';

/** What one check has found, in a sentence, and what to do about it. */
export interface Finding {
  readonly check: string;
  readonly level: Level;
  readonly says: string;
  readonly todo?: string;
}

export const ok = (check: string, says: string): Finding => ({ check, level: 'ok', says });
export const warning = (check: string, says: string, todo: string): Finding => ({
  check,
  level: 'warning',
  says,
  todo,
});
export const error = (check: string, says: string, todo: string): Finding => ({ check, level: 'error', says, todo });

/** What a check has found; an error that says why, where it cannot be made. */
export async function found(check: string, examine: () => Finding | Promise<Finding>): Promise<Finding> {
  try {
    return await examine();
  } catch (thrown) {
    return failed(check, thrown);
  }
}

/** Why a check could not be made. */
export function failed(check: string, thrown: unknown, todo = 'The message says what is in the way.'): Finding {
  const { code = '', path, message } = thrown as NodeJS.ErrnoException;
  const what = path ?? 'what has to be read';
  if (code === 'EACCES' || code === 'EPERM')
    return error(check, `This user may not get at ${what}.`, 'Run this as the user of the service.');
  if (code === 'EROFS')
    return error(check, `${what} is on a disk that can only be read.`, 'Have it mounted so that it can be written.');
  return error(check, `It cannot be checked: ${sentence(message || code || String(thrown))}`, todo);
}

/** A message as a sentence, so that another can follow. */
export const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);
