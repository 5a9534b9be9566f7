/** The credentials of the API client that the benchmark calls with. */
export interface Client {
  readonly key: string;
  readonly secret: string;
  readonly token: string;
}
