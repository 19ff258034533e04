import type { JSONWebKeySet } from 'jose';

/**
 * One credential of an application. Each has a client id of its own.
 *
 * @publicApi
 */
export type ZoneClient = SecretClient | KeyClient | WorkloadClient;

/**
 * A client that authenticates with a shared secret.
 *
 * @publicApi
 */
export interface SecretClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * A client that authenticates with a signed assertion.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523
 * @publicApi
 */
export type KeyClient = { readonly clientId: string } & PublishedKeys;

/**
 * A client that authenticates with a token of the platform it runs on.
 *
 * @publicApi
 */
export interface WorkloadClient {
  readonly clientId: string;
  readonly workload: WorkloadTrust;
}

/**
 * Which platform tokens a workload may authenticate with.
 *
 * @publicApi
 */
export type WorkloadTrust = {
  readonly issuer: string;
  readonly subject: string;
  /** @default the issuer URL of the zone */
  readonly audience?: string;
} & PublishedKeys;

/**
 * Public keys, by value or by address.
 *
 * @publicApi
 */
export type PublishedKeys =
  { readonly jwks: JSONWebKeySet } | { readonly jwksUri: string };
