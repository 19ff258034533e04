import {
  clientMetadata,
  isWorkloadClient,
  workloadEntry,
  workloadMetadata,
} from './client-entry.factory.js';
import { assertGrant } from './grant.validator.js';
import { CONNECT_CLIENT_ID } from './local-zone.constants.js';
import { LocalZoneConfigurationError } from './local-zone.error.js';
import { DeclarationMessages } from './local-zone.messages.js';
import type { ZoneClient } from './zone-client.interface.js';
import type {
  ZoneApplication,
  ZoneDeclaration,
  ZoneResource,
  ZoneUser,
} from './zone-declaration.interface.js';
import { ZoneModel } from './zone-model.js';

const DEFAULT_TTL = 300;

/**
 * Checks a declaration and builds its lookup tables.
 *
 * @throws {LocalZoneConfigurationError} with a sentence that names the mistake
 */
export function createZoneModel(declaration: ZoneDeclaration): ZoneModel {
  const model = new ZoneModel();
  for (const user of declaration.users ?? []) {
    addUser(model, user);
  }
  for (const resource of declaration.resources ?? []) {
    addResource(model, resource);
  }
  for (const application of declaration.applications ?? []) {
    addApplication(model, application);
  }
  assertOwners(model);
  for (const grant of declaration.grants ?? []) {
    assertGrant(model, grant);
    model.addGrant(grant);
  }
  model.policies.push(...(declaration.policies ?? []));
  const documents = Object.entries(declaration.clientMetadataDocuments ?? {});
  for (const [url, document] of documents) {
    model.documents.set(url, document);
  }
  return model;
}

function addUser(model: ZoneModel, user: ZoneUser): void {
  if (model.users.has(user.id)) {
    fail(DeclarationMessages.duplicate('User', user.id));
  }
  model.users.set(user.id, user);
  for (const name of new Set([user.id, user.identifier ?? user.id])) {
    if (model.usersByIdentifier.has(name)) {
      fail(DeclarationMessages.duplicateIdentifier(name));
    }
    model.usersByIdentifier.set(name, user);
  }
}

function addResource(model: ZoneModel, resource: ZoneResource): void {
  const { identifier, ttl = DEFAULT_TTL } = resource;
  if (model.resources.has(identifier)) {
    fail(DeclarationMessages.duplicate('Resource', identifier));
  }
  if (!URL.canParse(identifier) || identifier.includes('#')) {
    fail(DeclarationMessages.relativeResource(identifier));
  }
  if (!Number.isSafeInteger(ttl) || ttl < 1) {
    fail(DeclarationMessages.ttl(identifier));
  }
  model.resources.set(identifier, {
    identifier,
    name: resource.name ?? identifier,
    scopes: resource.scopes ?? [],
    ownedBy: resource.ownedBy,
    userConnected: resource.userConnected ?? false,
    ttl,
    vaultSecret: resource.vaultSecret,
  });
}

function addApplication(model: ZoneModel, application: ZoneApplication): void {
  const { id } = application;
  if (model.applications.has(id)) {
    fail(DeclarationMessages.duplicate('Application', id));
  }
  const dependsOn = new Set(application.dependsOn);
  for (const resource of dependsOn) {
    if (!model.resources.has(resource)) {
      fail(DeclarationMessages.unknownDependency(id, resource));
    }
  }
  model.applications.set(id, {
    id,
    name: application.name ?? id,
    dependsOn,
    mayImpersonate: application.mayImpersonate ?? false,
  });
  for (const client of application.clients ?? []) {
    addClient(model, application, client);
  }
}

function addClient(
  model: ZoneModel,
  application: ZoneApplication,
  client: ZoneClient,
): void {
  const { clientId } = client;
  if (clientId === CONNECT_CLIENT_ID) {
    fail(DeclarationMessages.reservedClient(clientId));
  }
  if (model.clients.has(clientId)) {
    fail(DeclarationMessages.duplicateClient(clientId));
  }
  const entry = model.applications.get(application.id);
  if (!isWorkloadClient(client)) {
    const metadata = clientMetadata(application, client);
    model.clients.set(clientId, { metadata, application: entry });
    return;
  }
  const workload = workloadEntry(client);
  model.workloads.push(workload);
  const metadata = workloadMetadata(application, client, workload);
  model.clients.set(clientId, { metadata, application: entry });
}

function assertOwners(model: ZoneModel): void {
  for (const { identifier, ownedBy } of model.resources.values()) {
    if (ownedBy !== undefined && !model.applications.has(ownedBy)) {
      fail(DeclarationMessages.unknownOwner(identifier, ownedBy));
    }
  }
}

function fail(message: string): never {
  throw new LocalZoneConfigurationError(message);
}
