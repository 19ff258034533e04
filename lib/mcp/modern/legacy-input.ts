import { JsonRpcErrorCode } from '../json-rpc.error.js';
import type { InputRequirement } from './input-request.js';
import { ModernMessages } from './modern.messages.js';

/** A JSON-RPC error, before it is thrown. */
export interface LegacyInputAnswer {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/**
 * What a client of the 2025 era gets from a call that requires input: it cannot
 * repeat a call with answers. The one place to change that.
 */
export function legacyInputAnswer(
  _requirement: InputRequirement,
): LegacyInputAnswer {
  return {
    code: JsonRpcErrorCode.ConnectionError,
    message: ModernMessages.inputNotSupported,
  };
}
