import { InsufficientScopeException } from '../../guards/exceptions/insufficient-scope.exception.js';
import { StdioClientMessages } from './stdio.messages.js';

/** The same as over HTTP, in words for a client that has no token to renew. */
export class MissingScopeException extends InsufficientScopeException {
  constructor(scopes: readonly string[]) {
    super(scopes);
    this.message = StdioClientMessages.scopeMissing(scopes);
  }
}
