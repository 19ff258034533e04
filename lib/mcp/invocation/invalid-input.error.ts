import { IntrinsicException } from '@nestjs/common';
import type { InputIssue } from '../schema/input-schema.interface.js';
import { renderIssues } from '../schema/render-issues.js';

/**
 * A tool was called with arguments it does not accept. Becomes a tool error,
 * so that the model can correct its call.
 *
 * @publicApi
 */
export class InvalidInputError extends IntrinsicException {
  override readonly name = 'InvalidInputError';
  readonly code = 'ERR_INVALID_INPUT';

  constructor(readonly issues: readonly InputIssue[]) {
    super(renderIssues(issues));
  }
}
