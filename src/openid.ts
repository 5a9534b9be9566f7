/** A provider of OpenID Connect, as the operator configured it. */
export interface OpenId {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the button says. */
  readonly name: string;
  /** Id or name of the district whose people sign in there; undefined where there is only one. */
  readonly district: string | undefined;
  /** Seconds that the provider may take for an answer. */
  readonly timeout: number;
}
