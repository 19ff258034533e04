import type { TokenResponse } from '../oauth/token-request.js';

/**
 * A token for one resource, on behalf of the caller. The token itself does not
 * show when the object is logged or serialised.
 *
 * @publicApi
 */
export class GrantedToken {
  readonly tokenType: string;
  /** Scopes of the token, where the authorization server named them. */
  readonly scopes?: readonly string[];
  /** When the token expires, in milliseconds since the epoch, where it is known. */
  readonly expiresAt?: number;
  readonly #accessToken: string;

  constructor(response: TokenResponse, issuedAt: number = Date.now()) {
    this.tokenType = response.tokenType;
    this.#accessToken = response.accessToken;
    if (response.scopes) this.scopes = Object.freeze([...response.scopes]);
    if (response.expiresIn !== undefined) {
      this.expiresAt = issuedAt + response.expiresIn * 1000;
    }
    Object.freeze(this);
  }

  /** The token, to be sent to its resource and nowhere else. */
  get accessToken(): string {
    return this.#accessToken;
  }

  /** Value of the `Authorization` header: `Bearer …`. */
  get authorization(): string {
    return `Bearer ${this.#accessToken}`;
  }
}
