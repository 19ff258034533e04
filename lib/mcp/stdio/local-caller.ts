import { createLocalPrincipal } from '../../verification/local-principal.js';
import { identityOf } from '../../verification/principal.js';
import type { ResourceTarget } from '../../verification/protected-resource.js';
import type { Caller } from '../transport/transport.interfaces.js';

/** What makes up whoever started the process. */
export interface LocalCallerInit {
  readonly target: ResourceTarget;
  readonly userIdentifier: string | undefined;
  /** Absent: all that the resource knows, which changes at run time. */
  readonly scopes: readonly string[] | undefined;
}

/** Whoever started the process, as calls see them. */
export class LocalCaller {
  private latest: Caller | undefined;

  constructor(private readonly init: LocalCallerInit) {}

  /** The same object for as long as nothing has changed. */
  get current(): Caller {
    const { target, userIdentifier } = this.init;
    const scopes = this.init.scopes ?? target.resource.scopesSupported;
    const known = this.latest?.principal.scopes.join(' ');
    if (!this.latest || known !== scopes.join(' ')) {
      const principal = createLocalPrincipal({
        userIdentifier,
        scopes,
        target,
      });
      this.latest = { principal, identity: identityOf(principal) };
    }
    return this.latest;
  }
}
