import type { RecordedCall } from './call-log.js';
import type { ScriptedAnswer } from './call-script.js';
import type { CallKind } from './endpoints.js';
import { assertGrant } from './grant.validator.js';
import { refreshClient } from './client-refresh.js';
import type { LocalZoneOptions } from './local-zone.options.js';
import { connectUrl, type ConnectLink } from './connect-url.js';
import { mintToken, type MintOptions } from './token-minter.js';
import { LocalZoneBuilder } from './zone-builder.js';
import type {
  UserGrant,
  ZoneDeclaration,
  ZonePolicy,
} from './zone-declaration.interface.js';
import type { LocalZoneEvents } from './zone-events.js';
import { logIn, type LoginOptions, type LoginResult } from './zone-login.js';
import { startZoneRuntime, type ZoneRuntime } from './zone-runtime.js';

/**
 * A real OAuth authorization server inside this process, which follows the
 * rules of a Keycard zone: for development, demos and tests.
 *
 * It listens on the loopback interface only and signs in anybody, so it
 * refuses to start in production.
 *
 * @example
 * ```ts
 * const CALENDAR = 'https://calendar.example.test';
 *
 * const zone = await LocalZone.create()
 *   .user({ id: 'usr_ada', name: 'Ada Lovelace' })
 *   .resource('http://localhost:8000/mcp', {
 *     scopes: ['mcp:tools'],
 *     ownedBy: 'assistant',
 *   })
 *   .resource(CALENDAR, { scopes: ['events:read'], userConnected: true })
 *   .application('assistant', {
 *     clients: [{ clientId: 'assistant', clientSecret: 'secret' }],
 *     dependsOn: [CALENDAR],
 *   })
 *   .start();
 *
 * const { accessToken } = await zone.login('usr_ada');
 * await zone.stop();
 * ```
 * @publicApi
 */
export class LocalZone {
  readonly #runtime: ZoneRuntime;

  private constructor(runtime: ZoneRuntime) {
    this.#runtime = runtime;
  }

  /** Begins a declaration. */
  static create(): LocalZoneBuilder {
    return new LocalZoneBuilder((declaration, options) =>
      LocalZone.start(declaration, options),
    );
  }

  /**
   * Starts a zone from a plain declaration.
   *
   * @throws {LocalZoneConfigurationError} when the declaration is wrong
   * @throws {LocalZoneEnvironmentError} when the zone cannot run here
   */
  static async start(
    declaration: ZoneDeclaration,
    options: LocalZoneOptions = {},
  ): Promise<LocalZone> {
    return new LocalZone(await startZoneRuntime(declaration, options));
  }

  /** Issuer URL, such as `http://localhost:41233`. */
  get issuer(): string {
    return this.#runtime.context.issuer;
  }

  /** Port on the loopback interface. */
  get port(): number {
    return this.#runtime.context.port;
  }

  /** Address of token requests. */
  get tokenEndpoint(): string {
    return this.issuer + this.#runtime.context.endpoints.token;
  }

  /** Address where a sign-in begins. */
  get authorizationEndpoint(): string {
    return this.issuer + this.#runtime.context.endpoints.authorization;
  }

  /** Address of the public keys. */
  get jwksUri(): string {
    return this.issuer + this.#runtime.context.endpoints.jwks;
  }

  /** What the zone's engine would have printed while it was loaded. */
  get notices(): readonly string[] {
    return this.#runtime.notices;
  }

  /** The last requests, oldest first. They hold tokens and secrets: see {@link RecordedCall.redacted}. */
  get calls(): readonly RecordedCall[] {
    return this.#runtime.log.calls;
  }

  /** Counts requests of a kind and, for tokens, of a grant type. */
  count(kind: CallKind, grantType?: string): number {
    return this.#runtime.log.count(kind, grantType);
  }

  /** Forgets all recorded requests, so that counting begins at zero. */
  clearCalls(): void {
    this.#runtime.log.clear();
  }

  /** Listens to what happens in the zone. */
  on<Name extends keyof LocalZoneEvents>(
    event: Name,
    listener: (payload: LocalZoneEvents[Name]) => void,
  ): this {
    this.#runtime.context.events.on(event, listener);
    return this;
  }

  /** Stops listening. */
  off<Name extends keyof LocalZoneEvents>(
    event: Name,
    listener: (payload: LocalZoneEvents[Name]) => void,
  ): this {
    this.#runtime.context.events.off(event, listener);
    return this;
  }

  /**
   * Makes the next requests of a kind slow, or fail.
   *
   * @example
   * ```ts
   * zone.script('token', { status: 503, times: 2 });
   * zone.script('jwks', { delay: 500 });
   * ```
   */
  script(kind: CallKind, answer: ScriptedAnswer): this {
    this.#runtime.script.add(kind, answer);
    return this;
  }

  /** Drops scripted answers that were not played yet. */
  clearScripts(): this {
    this.#runtime.script.clear();
    return this;
  }

  /** Lets an application act for a user, as if the user had said yes. */
  grant(grant: UserGrant): this {
    const { model, events } = this.#runtime.context;
    assertGrant(model, grant);
    model.addGrant(grant);
    events.emit('granted', grant);
    return this;
  }

  /** Takes a grant back, and says whether there was one. */
  revokeGrant(grant: Omit<UserGrant, 'scopes'>): boolean {
    const { model } = this.#runtime.context;
    assertGrant(model, grant);
    return model.removeGrant(grant);
  }

  /** Adds a rule that can refuse a token. */
  addPolicy(policy: ZonePolicy): this {
    this.#runtime.context.model.policies.push(policy);
    return this;
  }

  /** Drops all policies, declared ones too. */
  clearPolicies(): this {
    this.#runtime.context.model.policies.length = 0;
    return this;
  }

  /** The page where a user allows an application to act on a resource. */
  connectUrl(link: ConnectLink): string {
    return connectUrl(this.#runtime.context, link);
  }

  /**
   * Signs with a new key from now on.
   *
   * @param options.keepOld keeps the old public keys in the key set, so that
   * tokens signed with them still verify. Defaults to `true`.
   */
  async rotateKeys(options: { keepOld?: boolean } = {}): Promise<void> {
    const { context, host } = this.#runtime;
    await context.keys.rotate(options.keepOld ?? true);
    host.rebuild();
  }

  /**
   * Reads the key set of a client again at its next request. Without it, a new
   * key of a client is unknown for up to a minute.
   */
  refreshClient(clientId: string): void {
    refreshClient(this.#runtime.context.model, clientId);
  }

  /**
   * Signs any claims, over the defaults of an access token. A claim that is
   * `undefined` is left out. The zone takes such a token in an exchange only
   * with the option `acceptMinted`.
   *
   * @example
   * ```ts
   * const expired = await zone.mint({ sub: 'usr_ada', aud: resource, exp: 1 });
   * ```
   */
  mint(
    claims: Readonly<Record<string, unknown>>,
    options: MintOptions = {},
  ): Promise<string> {
    return mintToken(this.#runtime.context, claims, options);
  }

  /**
   * Signs a user in over HTTP, as an MCP client with a browser does:
   * registration, authorization code, PKCE. The requests are recorded like any
   * other.
   *
   * @throws {LocalZoneLoginError} when the zone refuses
   */
  login(userId: string, options: LoginOptions = {}): Promise<LoginResult> {
    return logIn(this.#runtime.context, userId, options);
  }

  /** Releases the port and every socket. May be called again. */
  async stop(): Promise<void> {
    await this.#runtime.listener.close();
    this.#runtime.context.events.removeAllListeners();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
