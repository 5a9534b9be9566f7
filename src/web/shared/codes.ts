import { t } from '../messages/messages';

/** What the codes say that rollbook gives every school to begin with. */
type Usual = 'Present' | 'Absent' | 'Excused absence' | 'Tardy' | 'Unexcused tardy';

const isUsual = (description: string): description is Usual =>
  /^(Present|Absent|Excused absence|Tardy|Unexcused tardy)$/.test(description);

/** What a code says: in the language of the page where it is rollbook's own word, else as the school has written it. */
export const codeSays = (description: string): string =>
  isUsual(description) ? t(`code.usual.${description}`) : description;
