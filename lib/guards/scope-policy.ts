import { subjectOf } from '../observability/audit/audit-subject.js';
import {
  UNOBSERVED,
  type Observability,
} from '../observability/observability.js';
import type { Principal } from '../verification/principal.js';
import type { ResourceTarget } from '../verification/protected-resource.js';
import { InsufficientScopeException } from './exceptions/insufficient-scope.exception.js';

/**
 * Whether the scopes of a token suffice for one that is needed: for scopes
 * that imply others, such as `files:write` for `files:read`.
 *
 * @publicApi
 */
export type ScopeHierarchy = (
  granted: readonly string[],
  needed: string,
) => boolean;

/**
 * Which scopes a challenge names: all that the operation needs, or those and
 * what the token has. Clients of the 2026 revision unite the scopes
 * themselves; some older ones ask for what the challenge names and lose the
 * rest.
 *
 * @publicApi
 */
export type ChallengeScopes = 'operation' | 'union';

/** How scopes are decided over. */
export interface ScopePolicyOptions {
  /** @default a scope is only satisfied by itself */
  readonly hierarchy?: ScopeHierarchy;
  /** @default 'operation' */
  readonly challengeScopes?: ChallengeScopes;
}

/**
 * The one place that decides over scopes: what is listed, what is called, what
 * is refused and what the refusal asks for cannot disagree.
 */
export class ScopePolicy {
  private readonly hierarchy: ScopeHierarchy;
  private readonly challengeScopes: ChallengeScopes;

  constructor(
    options: ScopePolicyOptions = {},
    private readonly observability: Observability = UNOBSERVED,
  ) {
    this.hierarchy = options.hierarchy ?? isAmong;
    this.challengeScopes = options.challengeScopes ?? 'operation';
  }

  /** Whether a caller has every scope. */
  permits(principal: Principal, scopes: readonly string[]): boolean {
    return scopes.every((scope) => this.hierarchy(principal.scopes, scope));
  }

  /**
   * @param scopes what the operation needs besides the resource
   * @throws InsufficientScopeException
   */
  check(
    principal: Principal,
    target: ResourceTarget,
    scopes: readonly string[] = [],
  ): void {
    const needed = scopesOfOperation(target, scopes);
    const isAllowed = this.permits(principal, needed);
    if (needed.length > 0) this.tell(principal, target, needed);
    if (!isAllowed) throw this.refusal(principal, target, needed);
  }

  private tell(
    principal: Principal,
    { identifier }: ResourceTarget,
    required: readonly string[],
  ): void {
    const { audit, telemetry } = this.observability;
    audit.emitLazily('scope_decision', () => {
      const missing = required.filter(
        (scope) => !this.permits(principal, [scope]),
      );
      return {
        type: 'scope_decision',
        outcome: missing.length > 0 ? 'refused' : 'allowed',
        required,
        missing,
        ...subjectOf(principal),
        resource: identifier,
        traceId: telemetry.traceId,
      };
    });
  }

  /** The challenge to a caller who lacks some of the scopes. */
  refusal(
    principal: Principal,
    target: ResourceTarget,
    needed: readonly string[],
  ): InsufficientScopeException {
    const asked =
      this.challengeScopes === 'union'
        ? [...new Set([...principal.scopes, ...needed])]
        : needed;
    return new InsufficientScopeException(asked, target.metadataUrl);
  }
}

/** All scopes an operation needs: those of its resource, and its own. */
export function scopesOfOperation(
  target: ResourceTarget,
  scopes: readonly string[] = [],
): readonly string[] {
  return [...new Set([...target.resource.requiredScopes, ...scopes])];
}

function isAmong(granted: readonly string[], needed: string): boolean {
  return granted.includes(needed);
}
