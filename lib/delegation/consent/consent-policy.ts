import type { LoggerService } from '@nestjs/common';
import { parseSecureUrl } from '../../oauth/secure-url.js';
import { subjectOf } from '../../observability/audit/audit-subject.js';
import {
  UNOBSERVED,
  type Observability,
} from '../../observability/observability.js';
import type { Principal } from '../../verification/principal.js';
import type { AccessContext } from '../access-context.js';
import type { AccessError } from '../access-error.interface.js';
import { CONSENT_MESSAGE, CONSENT_URL_FAILED } from '../delegation.messages.js';
import type { ResourceGrant } from '../resource-grant.interface.js';
import { ConsentRequiredError } from './consent-required.error.js';
import type {
  ConsentLink,
  ConsentNeed,
  ConsentOptions,
} from './consent.interface.js';

const CONSENT_CODES = [
  'insufficient_authorization',
  'consent_required',
  'interaction_required',
  'authorization_required',
  'user_authorization_required',
];

/** Decides when a failed exchange is a question to the user. */
export class ConsentPolicy {
  private readonly codes: ReadonlySet<string>;

  constructor(
    private readonly options: ConsentOptions,
    private readonly logger: LoggerService,
    private readonly observability: Observability = UNOBSERVED,
  ) {
    this.codes = new Set(options.codes ?? CONSENT_CODES);
  }

  /**
   * Asks for what the user can give. Without a page to send the user to, the
   * failures stay what they are: data.
   *
   * @throws ConsentRequiredError
   */
  async require(
    principal: Principal,
    grants: readonly ResourceGrant[],
    access: AccessContext,
  ): Promise<void> {
    const needs = grants
      .filter(({ isOptional }) => !isOptional)
      .map(({ resource }) => this.needOf(principal, resource, access))
      .filter((need) => need !== undefined);
    const links = await Promise.all(needs.map((need) => this.linkTo(need)));
    const known = links.filter((link) => link !== undefined);
    for (const { resource } of known) this.tell(principal, resource);
    if (known.length > 0) throw new ConsentRequiredError(known);
  }

  private tell(principal: Principal, resource: string): void {
    const { audit, telemetry } = this.observability;
    audit.emitLazily('consent', () => ({
      type: 'consent',
      outcome: 'requested',
      ...subjectOf(principal),
      resource,
      traceId: telemetry.traceId,
    }));
  }

  private needOf(
    principal: Principal,
    resource: string,
    access: AccessContext,
  ): ConsentNeed | undefined {
    const error = access.getResourceError(resource);
    const isAsked = error?.code !== undefined && this.codes.has(error.code);
    return isAsked ? { principal, resource, error } : undefined;
  }

  private async linkTo(need: ConsentNeed): Promise<ConsentLink | undefined> {
    const { resource } = need;
    try {
      const url = this.options.url
        ? await this.options.url(need)
        : urlOfZone(need.error, need.principal);
      if (!url) return undefined;
      // What is opened in a browser must be a page, and nothing else.
      parseSecureUrl(url);
      const message = this.options.message?.(need) ?? CONSENT_MESSAGE(resource);
      return { resource, url, message };
    } catch (error) {
      this.logger.error(CONSENT_URL_FAILED(resource), nameOf(error));
      return undefined;
    }
  }
}

/** Only the zone may say where its users are sent. */
function urlOfZone(
  { errorUri }: AccessError,
  { issuer }: Principal,
): string | undefined {
  if (!errorUri || !URL.canParse(errorUri)) return undefined;
  return new URL(errorUri).origin === new URL(issuer).origin
    ? errorUri
    : undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
