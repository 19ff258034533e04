import { LocalZoneConfigurationError } from './local-zone.error.js';
import { DeclarationMessages } from './local-zone.messages.js';
import type { UserGrant } from './zone-declaration.interface.js';
import type { ZoneModel } from './zone-model.js';

/** Throws unless everything a grant names is declared. */
export function assertGrant(model: ZoneModel, grant: UserGrant): void {
  assertDeclared(model.users, 'user', grant.user);
  assertDeclared(model.applications, 'application', grant.application);
  assertDeclared(model.resources, 'resource', grant.resource);
  const known = model.resources.get(grant.resource)?.scopes ?? [];
  const unknown = grant.scopes?.find((scope) => !known.includes(scope));
  if (unknown !== undefined) {
    throw new LocalZoneConfigurationError(
      DeclarationMessages.unknownGrantScope(unknown, grant.resource),
    );
  }
}

function assertDeclared(
  table: ReadonlyMap<string, unknown>,
  kind: string,
  id: string,
): void {
  if (!table.has(id)) {
    throw new LocalZoneConfigurationError(
      DeclarationMessages.unknownGrantMember(kind, id),
    );
  }
}
