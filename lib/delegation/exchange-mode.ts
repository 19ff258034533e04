import type { ExchangeMode } from '../observability/audit/audit-event.js';
import type { Authority } from './resource-grant.interface.js';

const MODES: Record<Authority['kind'], ExchangeMode> = {
  caller: 'on_behalf',
  user: 'impersonation',
  application: 'as_application',
};

/** How observers call an authority. */
export function modeOf(authority: Authority['kind']): ExchangeMode {
  return MODES[authority];
}
