import { HttpException } from '@nestjs/common';
import { CONSENT_REQUIRED } from '../delegation.messages.js';
import type { ConsentLink } from './consent.interface.js';

/**
 * The caller has to give grants before the handler can run. An MCP client is
 * asked to open the links, as its revision of the protocol has it; an HTTP
 * route answers 403 with them.
 *
 * @publicApi
 */
export class ConsentRequiredError extends HttpException {
  override readonly name = 'ConsentRequiredError';
  readonly code = 'ERR_CONSENT_REQUIRED';

  constructor(readonly links: readonly ConsentLink[]) {
    const message = CONSENT_REQUIRED(links.map(({ resource }) => resource));
    super(
      { error: 'consent_required', error_description: message, links },
      403,
    );
    this.message = message;
  }
}
