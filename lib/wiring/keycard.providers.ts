import type { Provider } from '@nestjs/common';
import { DELEGATION_PROVIDERS } from './delegation.providers.js';
import { GUARD_PROVIDERS } from './guard.providers.js';
import { HTTP_PROVIDERS } from './http.providers.js';
import { MCP_PROVIDERS } from './mcp.providers.js';
import { OBSERVABILITY_PROVIDERS } from './observability.providers.js';
import { VERIFICATION_PROVIDERS } from './verification.providers.js';
import { ZONE_PROVIDERS } from './zone.providers.js';

/** All providers of the module, from the ground up. */
export const KEYCARD_PROVIDERS: Provider[] = [
  ...OBSERVABILITY_PROVIDERS,
  ...ZONE_PROVIDERS,
  ...VERIFICATION_PROVIDERS,
  ...DELEGATION_PROVIDERS,
  ...GUARD_PROVIDERS,
  ...HTTP_PROVIDERS,
  ...MCP_PROVIDERS,
];
