import { KeycardConfigurationError } from './configuration.error.js';
import { INVALID_NUMBER } from './options.messages.js';

/** @throws KeycardConfigurationError */
export function checkNumber(name: string, value: number): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new KeycardConfigurationError(INVALID_NUMBER(name, value));
}
