/** What of an attendance the tests look at. */
export interface Attendance {
  readonly identifiers: readonly string[];
  readonly status?: string;
  readonly attended?: boolean;
}

/** One HAL client from npm, as its own documentation says to use it. Hrefs come from the service alone. */
export interface HalClient {
  /** From the entry point to the first attendance of the first event, link by link. */
  walk(): Promise<Attendance>;
  /** Posts an attendance of the first person to the first event. */
  create(body: object): Promise<Attendance>;
  /** Changes the attendance that was created. */
  change(body: object): Promise<Attendance>;
  /** Deletes it, and says what the service answered. */
  remove(): Promise<unknown>;
  /** The attendances of the first event, two a page, to the last page. */
  pages(): Promise<Attendance[]>;
}

/** Makes a client of the entry point that sends this token. */
export type ConnectClient = (entry: string, token: string) => HalClient;

export const linkedTo = (person: string) => ({ _links: { 'osdi:person': { href: person } } });

export const inPages = (collection: string): string => `${collection}?per_page=2`;
