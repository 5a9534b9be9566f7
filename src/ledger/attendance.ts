/** The words of the ledger. design: "status: 1 present, 2 absent, 3 late, 4 excused". */
export const Status = { present: 1, absent: 2, late: 3, excused: 4 } as const;
export type Status = (typeof Status)[keyof typeof Status];

/** Who acts, for whom, and through which API: what the journal says of every change. */
export interface Actor {
  readonly district: number;
  /** The name of the dialect, or of the command, e.g. `schoology`. */
  readonly api: string;
  /** The API client; null for a command run by the operator. */
  readonly client: number | null;
  /** The person the client is bound to or acts as; null where it acts for the district. */
  readonly person: number | null;
}
