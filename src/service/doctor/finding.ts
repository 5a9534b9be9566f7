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
