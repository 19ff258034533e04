import { encodedFormOf, encodeOnce } from '../results/encode-once.js';
import type { ServerIntroduction } from '../transport/mcp-endpoint.interface.js';
import { isObject } from '../transport/message-classifier.js';
import { withCacheHints } from './cache-hints.js';
import { SERVER_INFO_META } from './modern.constants.js';

type Result = Record<string, unknown>;

/**
 * Results as this revision wants them: each says of which kind it is and who
 * gives it, and a list how long it may be kept.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic
 */
export class ResultForm {
  // What was written once is completed, and written, once as well.
  private readonly known = new WeakMap<object, Result>();

  constructor(private readonly serverInfo: ServerIntroduction['serverInfo']) {}

  complete(method: string, result: Result): Result {
    if (!encodedFormOf(result)) return this.create(method, result);
    let form = this.known.get(result);
    if (!form) {
      form = encodeOnce(this.create(method, result));
      this.known.set(result, form);
    }
    return form;
  }

  private create(method: string, result: Result): Result {
    const meta = result['_meta'];
    return {
      resultType: 'complete',
      ...withCacheHints(method, result),
      _meta: {
        [SERVER_INFO_META]: this.serverInfo,
        ...(isObject(meta) && meta),
      },
    };
  }
}
