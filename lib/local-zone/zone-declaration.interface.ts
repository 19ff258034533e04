import type { ZoneClient } from './zone-client.interface.js';

/**
 * Everything a local zone knows before it starts: plain data, apart from the
 * functions of its policies. The fluent builder produces the same object.
 *
 * @example
 * ```ts
 * const declaration: ZoneDeclaration = {
 *   users: [{ id: 'usr_ada', name: 'Ada Lovelace' }],
 *   resources: [
 *     { identifier: 'http://localhost:8000/mcp', scopes: ['mcp:tools'], ownedBy: 'assistant' },
 *     { identifier: 'https://calendar.example.test', scopes: ['events:read'] },
 *   ],
 *   applications: [
 *     {
 *       id: 'assistant',
 *       clients: [{ clientId: 'assistant', clientSecret: 'secret' }],
 *       dependsOn: ['https://calendar.example.test'],
 *     },
 *   ],
 * };
 * ```
 * @publicApi
 */
export interface ZoneDeclaration {
  readonly users?: readonly ZoneUser[];
  readonly resources?: readonly ZoneResource[];
  readonly applications?: readonly ZoneApplication[];
  readonly grants?: readonly UserGrant[];
  readonly policies?: readonly ZonePolicy[];
  /**
   * Client ID metadata documents, by their `https:` URL. The zone answers for
   * these URLs from memory and never fetches them.
   *
   * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-client-id-metadata-document/
   */
  readonly clientMetadataDocuments?: Readonly<
    Record<string, ClientMetadataDocument>
  >;
}

/**
 * Somebody who can sign in.
 *
 * @publicApi
 */
export interface ZoneUser {
  /** Becomes the `sub` of the user's tokens. */
  readonly id: string;
  /** @default the id */
  readonly name?: string;
  /** The name an impersonating application may use, such as an e-mail address. */
  readonly identifier?: string;
  /**
   * Asked for on the login page.
   *
   * @default none: one button signs the user in
   */
  readonly password?: string;
}

/**
 * A protected API. Its identifier is compared as a string, character by
 * character: `https://api.example.test` is not `https://api.example.test/`.
 *
 * @publicApi
 */
export interface ZoneResource extends ZoneResourceSettings {
  /** The resource indicator, and the audience of tokens for it. */
  readonly identifier: string;
}

/**
 * What a resource is, apart from its identifier.
 *
 * @publicApi
 */
export interface ZoneResourceSettings {
  /** @default the identifier */
  readonly name?: string;
  /** @default none */
  readonly scopes?: readonly string[];
  /** Id of the application that serves the resource and may exchange its tokens. */
  readonly ownedBy?: string;
  /**
   * Whether each user has to allow an application before it gets a token.
   *
   * @default false
   */
  readonly userConnected?: boolean;
  /**
   * Lifetime of its access tokens in seconds.
   *
   * @default 300
   */
  readonly ttl?: number;
  /** An exchange answers with this stored secret instead of a JWT. */
  readonly vaultSecret?: string;
}

/**
 * An application: it owns resources, calls others, and authenticates with any
 * of its clients.
 *
 * @publicApi
 */
export interface ZoneApplication extends ZoneApplicationSettings {
  /** Becomes `keycard_app_id`, and the `sub` of the application's own tokens. */
  readonly id: string;
}

/**
 * What an application is, apart from its id.
 *
 * @publicApi
 */
export interface ZoneApplicationSettings {
  /** @default the id */
  readonly name?: string;
  /** @default none */
  readonly clients?: readonly ZoneClient[];
  /** Identifiers of the resources it may get tokens for. */
  readonly dependsOn?: readonly string[];
  /**
   * Whether it may get tokens for a user who is not there.
   *
   * @default false
   */
  readonly mayImpersonate?: boolean;
  /**
   * Lets users sign in to it with an authorization code.
   *
   * @default none
   */
  readonly redirectUris?: readonly string[];
}

/**
 * A user's permission for an application to act on a resource.
 *
 * @publicApi
 */
export interface UserGrant {
  readonly user: string;
  readonly application: string;
  readonly resource: string;
  /** @default every scope of the resource */
  readonly scopes?: readonly string[];
}

/**
 * A rule that can refuse a token.
 *
 * @publicApi
 */
export interface ZonePolicy {
  /** Named in the refusal. */
  readonly name: string;
  denies(request: PolicyRequest): boolean;
}

/**
 * The request a policy judges.
 *
 * @publicApi
 */
export interface PolicyRequest {
  readonly application: string;
  /** `undefined` when the application acts as itself. */
  readonly user: string | undefined;
  readonly resource: string;
  /** As requested; empty when the request named none. */
  readonly scopes: readonly string[];
  readonly impersonated: boolean;
}

/**
 * A client's own description of itself.
 *
 * @publicApi
 */
export interface ClientMetadataDocument {
  readonly client_id: string;
  readonly [member: string]: unknown;
}
