import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { CLIENT_ASSERTION_TYPE } from './local-zone.constants.js';
import type { ZoneContext } from './zone-context.js';
import type { WorkloadEntry } from './zone-model.js';

/**
 * Authenticates workloads by the tokens of their platform. An assertion whose
 * issuer is not the client itself is unknown to oidc-provider, so a good one
 * is swapped for the secret of its client, and a bad one for a wrong secret:
 * the refusal is then the ordinary one.
 */
export class WorkloadFederation {
  private readonly keys = new Map<WorkloadEntry, JWTVerifyGetKey>();

  constructor(private readonly context: ZoneContext) {}

  async authenticate(form: URLSearchParams): Promise<void> {
    const assertion = form.get('client_assertion');
    const type = form.get('client_assertion_type');
    if (!assertion || type !== CLIENT_ASSERTION_TYPE) {
      return;
    }
    const workload = this.findWorkload(assertion, form.get('client_id'));
    if (!workload) {
      return;
    }
    const isTrusted = await this.verify(assertion, workload);
    form.delete('client_assertion');
    form.delete('client_assertion_type');
    form.set('client_id', workload.clientId);
    form.set('client_secret', isTrusted ? workload.clientSecret : 'rejected');
  }

  private findWorkload(
    assertion: string,
    clientId: string | null,
  ): WorkloadEntry | undefined {
    const claims = decode(assertion);
    return this.context.model.workloads.find(
      (workload) =>
        workload.issuer === claims.iss &&
        workload.subject === claims.sub &&
        (clientId === null || workload.clientId === clientId),
    );
  }

  private async verify(
    assertion: string,
    workload: WorkloadEntry,
  ): Promise<boolean> {
    try {
      await jwtVerify(assertion, this.keysOf(workload), {
        issuer: workload.issuer,
        subject: workload.subject,
        audience: workload.audience ?? this.context.issuer,
        requiredClaims: ['exp'],
      });
      return true;
    } catch {
      return false;
    }
  }

  private keysOf(workload: WorkloadEntry): JWTVerifyGetKey {
    const known = this.keys.get(workload);
    if (known) {
      return known;
    }
    const keys = workload.jwks
      ? createLocalJWKSet(workload.jwks)
      : createRemoteJWKSet(new URL(workload.jwksUri ?? ''));
    this.keys.set(workload, keys);
    return keys;
  }
}

function decode(assertion: string): JWTPayload {
  try {
    return decodeJwt(assertion);
  } catch {
    return {};
  }
}
