/** A figure, and whether it is as promised; undefined where nothing is promised of it. */
export interface Finding {
  readonly name: string;
  readonly figure: string;
  readonly isMet?: boolean;
}

export const percent = (part: number, digits = 0): string => `${(part * 100).toFixed(digits)} %`;

/** Prints them; whether all that is promised is met. */
export function print(title: string, findings: readonly Finding[]): boolean {
  console.log(`\n${title}`);
  for (const { name, figure, isMet } of findings)
    console.log(`  ${name.padEnd(58)}${figure}${isMet === undefined ? '' : isMet ? '  (met)' : '  (NOT MET)'}`);
  return findings.every(({ isMet }) => isMet !== false);
}
