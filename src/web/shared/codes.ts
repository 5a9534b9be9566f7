import { t } from '../messages/messages';

/** What rollbook gives every school to begin with. */
const usual = ['Present', 'Absent', 'Excused absence', 'Tardy', 'Unexcused tardy'] as const;

/** What a code says: in the language of the page where it is rollbook's own word, else as the school has written it. */
export function codeSays(description: string): string {
  const known = usual.find((each) => each === description);
  return known ? t(`code.usual.${known}`) : description;
}
