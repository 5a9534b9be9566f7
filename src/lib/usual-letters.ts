/** In which languages rollbook has a letter about chronic absence, and what stands there where a school has no text of its own. */
export const usualLetters = {
  en: `{today}

To the family of {name}
Grade {grade}
Student number {number}

Attendance at {school}

We are writing because {name} has missed {days_missed} of {days} school days, {percent}, from {from} to {to}. Excused days are counted, too.

Whoever misses a tenth of school or more falls behind easily. Please call the school: we would like to hear what would help.

{school}, {district}
`,
  es: `{today}

A la familia de {name}
Grado {grade}
Número de estudiante {number}

Asistencia en {school}

Les escribimos porque {name} ha faltado {days_missed} de {days} días de clases, el {percent}, del {from} al {to}. También se cuentan las ausencias justificadas.

Quien falta a una décima parte de las clases o más se atrasa con facilidad. Por favor, llamen a la escuela: queremos saber qué ayudaría.

{school}, {district}
`,
} as const;
export type LetterLanguage = keyof typeof usualLetters;
export const letterLanguages = Object.keys(usualLetters) as [LetterLanguage, ...LetterLanguage[]];
