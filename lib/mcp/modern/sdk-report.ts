import { AnsweredError } from './answered.error.js';

const REFUSAL = /^(?:Rejected|Unsupported|Missing)/;

/**
 * Whether the package reports a request it refused, not a failure: what clients
 * do wrong is theirs to know, and would let anybody fill the log.
 */
export function isRefusal(error: unknown): boolean {
  if (error instanceof AnsweredError) return true;
  if (!(error instanceof Error)) return false;
  // Its errors of the protocol have the code that the client was told.
  return REFUSAL.test(error.message) || hasProtocolCode(error);
}

function hasProtocolCode(error: Error): boolean {
  return 'code' in error && typeof error.code === 'number';
}
