import { OAuthProtocolError } from '../oauth/errors/oauth-protocol.error.js';
import type { Principal } from '../verification/principal.js';
import type { CacheOutcome } from './exchange-cache.js';
import type { Authority } from './resource-grant.interface.js';

/** What became of one token that was asked for. Free of tokens: safe to log. */
export interface ExchangeReport {
  readonly resource: string;
  /** In whose name. */
  readonly authority: Authority['kind'];
  /**
   * `refused` is the zone's decision, `failed` means that there was no usable
   * answer, or nobody to ask.
   */
  readonly outcome: 'granted' | 'refused' | 'failed' | 'cancelled';
  /** OAuth error code of a refusal, or the code of the failure. */
  readonly code?: string;
  /** `hit` where another call's exchange under way was joined, too. */
  readonly cache: CacheOutcome;
  /** Requests this call sent to the token endpoint. */
  readonly attempts: number;
  /** Milliseconds, retries included. */
  readonly durationMs: number;
  /** Whether the API had not accepted the token before. */
  readonly isRenewal: boolean;
  readonly issuer: string;
  /** The caller, where there is one. */
  readonly principal?: Principal;
}

/** Told of every token that was asked for. What it throws is ignored. */
export type OnExchange = (report: ExchangeReport) => void;

type ReportedFacts = Pick<
  ExchangeReport,
  'resource' | 'authority' | 'isRenewal' | 'issuer' | 'principal'
>;

/** Watches one exchange, and reports it in the end. */
export class ExchangeMeasurement {
  private readonly startedAt = performance.now();
  private cache: CacheOutcome = 'miss';
  private attempts = 0;

  constructor(
    private readonly facts: ReportedFacts,
    private readonly onExchange: OnExchange | undefined,
  ) {}

  readonly onOutcome = (outcome: CacheOutcome): void => {
    this.cache = outcome;
  };

  readonly onAttempt = (): void => {
    this.attempts += 1;
  };

  granted(): void {
    this.report({ outcome: 'granted' });
  }

  failed(error: unknown, signal: AbortSignal | undefined): void {
    if (signal?.aborted) return this.report({ outcome: 'cancelled' });
    const isRefusal = error instanceof OAuthProtocolError && !error.retryable;
    const code = codeOf(error);
    this.report({ outcome: isRefusal ? 'refused' : 'failed', code });
  }

  private report({
    outcome,
    code,
  }: Pick<ExchangeReport, 'outcome' | 'code'>): void {
    const { resource, authority, isRenewal, issuer, principal } = this.facts;
    try {
      // Member by member: of every token that is at hand, one is made.
      this.onExchange?.({
        resource,
        authority,
        isRenewal,
        issuer,
        principal,
        outcome,
        code,
        cache: this.cache,
        attempts: this.attempts,
        durationMs: performance.now() - this.startedAt,
      });
    } catch {
      // Who watches must not decide.
    }
  }
}

// A code of ours. Those of others may be anything.
const CODE = /^ERR_[A-Z_]{1,60}$/;

function codeOf(error: unknown): string | undefined {
  if (error instanceof OAuthProtocolError) return error.error;
  const code: unknown = error instanceof Error && Reflect.get(error, 'code');
  return typeof code === 'string' && CODE.test(code) ? code : undefined;
}
