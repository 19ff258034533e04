/** Who a token speaks for. */
export type TokenSubject =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'application'; readonly id: string };

/** What the zone knows of a token beyond what oidc-provider keeps. */
export interface LedgerEntry {
  readonly subject: TokenSubject;
  readonly grantType: string;
  /** Claims to put into the token. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Carries facts from a grant handler to the hooks that shape its token. */
export type TokenLedger = WeakMap<object, LedgerEntry>;

/** The claims that tell whether a user or an application is the subject. */
export function subjectClaims(subject: TokenSubject): Record<string, unknown> {
  if (subject.kind === 'user') {
    return { sub_profile: 'user' };
  }
  return { sub_profile: 'app', keycard_app_id: subject.id };
}
