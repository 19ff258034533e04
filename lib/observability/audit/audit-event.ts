import type { AuditActor } from './actor-chain.js';
import type { TokenDigest } from './token-digest.js';

/** Who did it, for whom, and where to read more. All of it optional. */
export interface AuditSubject {
  readonly issuer?: string;
  /** Zone of the request; only in multi-zone applications. */
  readonly zoneId?: string;
  /** The user, or the application when it acts as itself (`sub`). */
  readonly subject?: string;
  /** The OAuth client that holds the token. */
  readonly clientId?: string;
  /** Who acts for the subject, the current actor first. */
  readonly actors?: readonly AuditActor[];
  /** What was protected, or what access was asked for. */
  readonly resource?: string;
  readonly tokenDigest?: TokenDigest;
  /** The id the client gave the request: two clients may use the same. */
  readonly requestId?: string | number;
  readonly traceId?: string;
}

interface Audited<
  Type extends string,
  Outcome extends string,
> extends AuditSubject {
  readonly type: Type;
  readonly outcome: Outcome;
  /** When it happened, in milliseconds since the epoch. */
  readonly at: number;
}

/** A caller was recognised, or turned away. */
export interface AuthenticationEvent extends Audited<
  'authentication',
  'accepted' | 'refused'
> {
  /** Why it was refused: a stable code such as `expired`. */
  readonly code?: string;
  /** HTTP status of the refusal. */
  readonly status?: number;
}

/** A recognised caller asked for an operation that needs scopes. */
export interface ScopeDecisionEvent extends Audited<
  'scope_decision',
  'allowed' | 'refused'
> {
  /** Tool, route or other operation. */
  readonly operation?: string;
  readonly required: readonly string[];
  /** Scopes the caller lacks; empty when allowed. */
  readonly missing: readonly string[];
}

/** In whose name a token was asked for. */
export type ExchangeMode = 'on_behalf' | 'impersonation' | 'as_application';

/**
 * A token was asked for at the zone. `refused` is the zone's decision,
 * `failed` means that there was no usable answer.
 */
export interface ExchangeEvent extends Audited<
  'exchange',
  'granted' | 'refused' | 'failed'
> {
  readonly resource: string;
  readonly mode: ExchangeMode;
  readonly code?: string;
  /** Milliseconds, retries included. */
  readonly duration: number;
  /** Requests sent to the token endpoint. */
  readonly attempts: number;
}

/** A token was looked up before it was asked for. */
export interface ExchangeCacheEvent extends Audited<
  'exchange_cache',
  'hit' | 'miss' | 'shared_hit'
> {
  readonly resource: string;
}

/** A user was asked to let the application access a resource. */
export interface ConsentEvent extends Audited<
  'consent',
  'requested' | 'granted' | 'refused'
> {
  readonly code?: string;
}

/** Another API refused an exchanged token, and a new one was tried. */
export interface DownstreamRetryEvent extends Audited<
  'downstream_retry',
  'succeeded' | 'failed'
> {
  readonly resource: string;
  /** Status that led to the retry. */
  readonly status: number;
}

/**
 * What came of a call. `failed` is what the handler answered with; `refused`
 * are a call and a caller that it did not answer. `input_required`: it ended
 * without an answer, for the client to repeat it with what it was asked.
 */
export type CallOutcome =
  'succeeded' | 'failed' | 'refused' | 'cancelled' | 'input_required';

interface CallEvent<Type extends string> extends Audited<Type, CallOutcome> {
  /** As it is declared: a name, a URI or a URI template. */
  readonly name: string;
  readonly code?: string;
  /** Milliseconds. */
  readonly duration: number;
}

/** A tool was called. */
export type ToolCallEvent = CallEvent<'tool_call'>;

/** A resource was read. */
export type ResourceReadEvent = CallEvent<'resource_read'>;

/** A prompt was filled in. */
export type PromptGetEvent = CallEvent<'prompt_get'>;

/**
 * A decision about access, and what came of it. Never holds a token.
 *
 * @publicApi
 */
export type AuditEvent =
  | AuthenticationEvent
  | ScopeDecisionEvent
  | ExchangeEvent
  | ExchangeCacheEvent
  | ConsentEvent
  | DownstreamRetryEvent
  | ToolCallEvent
  | ResourceReadEvent
  | PromptGetEvent;

/** @publicApi */
export type AuditEventType = AuditEvent['type'];

/** The event of a type. */
export type AuditEventOf<Type extends AuditEventType> = Extract<
  AuditEvent,
  { readonly type: Type }
>;

type Unstamped<Event extends AuditEvent> = Event extends AuditEvent
  ? Omit<Event, 'at'> & { readonly at?: number }
  : never;

/** An event as it is emitted: the stream adds the time. */
export type NewAuditEvent<Type extends AuditEventType = AuditEventType> =
  Unstamped<AuditEventOf<Type>>;
