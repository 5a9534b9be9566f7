/** Who acts, for whom, and through which API: what the journal says of every change. */
export interface Actor {
  readonly district: number;
  /** The name of the API, or of the command. */
  readonly api: string;
  /** The API client; null for a command run by the operator. */
  readonly client: number | null;
  /** The person the client is bound to or acts as; null where it acts for the district. */
  readonly person: number | null;
  /** The school of whose office they are who act, where they see and write nothing of others; else null, or left out. */
  readonly school?: number | null;
  /** Whether it writes single marks only: what it writes takes no roll by itself. */
  readonly marksOnly?: boolean;
}
