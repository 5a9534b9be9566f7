/** A share between 0 and 1 as it is read: `8.1 %`. */
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
