import type { IncomingMessage } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import type { JSONWebKeySet } from 'jose';
import type { ProtectedResourceRegistry } from '../guards/protected-resource.registry.js';
import type { RootRouter } from '../http/root-router.js';
import { pathOf } from '../http/raw-route.js';
import type { ResourceTarget } from '../verification/protected-resource.js';
import type { ZoneDiscovery } from '../zone/zone-discovery.js';
import { OAuthError } from '../oauth/errors/oauth.error.js';
import { describeAuthorizationServer } from './authorization-server.document.js';
import type { MetadataOptions } from './metadata-options.interface.js';
import { NOT_FOUND, UPSTREAM_FAILED } from './metadata.messages.js';
import {
  describeResource,
  type ApplicationFacts,
} from './protected-resource.document.js';
import { publicDocument, type DocumentAnswer } from './public-document.js';

/** What the controller works with. */
export interface MetadataControllerDependencies {
  readonly resources: ProtectedResourceRegistry;
  readonly discovery: ZoneDiscovery;
  readonly options: MetadataOptions;
  readonly dpop?: ApplicationFacts['dpop'];
  /** Public keys of the application, when it authenticates with keys. */
  readonly publicKeys?: () => JSONWebKeySet;
  /** The application as an OAuth client, when it describes itself. */
  readonly clientMetadata?: () => object;
  readonly logger: LoggerService;
}

type Describe = (
  target: ResourceTarget,
) => DocumentAnswer | Promise<DocumentAnswer>;

const WELL_KNOWN = '/.well-known';
const PROTECTED_RESOURCE = 'oauth-protected-resource';
const AUTHORIZATION_SERVER = 'oauth-authorization-server';
const KEYS = 'jwks.json';
const CLIENT_METADATA = 'oauth-client-metadata';

/** Seconds that clients may keep a document. */
const MAX_AGE = 60;

const MISSING: DocumentAnswer = {
  status: 404,
  body: { error: 'not_found', error_description: NOT_FOUND },
  maxAge: 0,
};

/**
 * Serves what clients need to find the authorization server, at the root of
 * the origin.
 */
export class MetadataController {
  private readonly describeResource: Describe;
  private readonly describeServer: Describe;

  constructor(private readonly dependencies: MetadataControllerDependencies) {
    this.describeResource = (target) => this.readResource(target);
    this.describeServer = (target) => this.readServer(target);
  }

  register(router: RootRouter): void {
    const { root, ...paths } = this.dependencies.options;
    for (const base of [WELL_KNOWN, ...(root ? [root] : [])]) {
      this.serve(
        router,
        `${base}/${PROTECTED_RESOURCE}`,
        this.describeResource,
      );
      this.serve(
        router,
        `${base}/${AUTHORIZATION_SERVER}`,
        this.describeServer,
      );
      const { publicKeys, clientMetadata } = this.dependencies;
      this.serveFacts(router, `${base}/${KEYS}`, publicKeys);
      this.serveFacts(router, `${base}/${CLIENT_METADATA}`, clientMetadata);
    }
    this.serveOwn(router, paths.protectedResource, this.describeResource);
    this.serveOwn(router, paths.authorizationServer, this.describeServer);
    this.serveFacts(router, paths.jwks, this.dependencies.publicKeys);
  }

  /** The document of each resource, at the name followed by the resource's path. */
  private serve(router: RootRouter, name: string, describe: Describe): void {
    const { resources } = this.dependencies;
    const handler = publicDocument((request) => {
      const target = resources.find(
        request,
        pathOf(request).slice(name.length),
      );
      return target ? describe(target) : MISSING;
    });
    router.addResolver((path) =>
      path === name || path.startsWith(`${name}/`) ? handler : undefined,
    );
  }

  /** The document of the application's own resource, at one path. */
  private serveOwn(
    router: RootRouter,
    path: string | undefined,
    describe: Describe,
  ): void {
    if (!path) return;
    const { resources } = this.dependencies;
    const read = (request: IncomingMessage) => {
      const target = resources.matchResource(
        resources.own,
        request,
        pathOf(request),
      );
      return target ? describe(target) : MISSING;
    };
    router.add(path, publicDocument(read));
  }

  /** A document of the application itself, if there is one. */
  private serveFacts(
    router: RootRouter,
    path: string | undefined,
    read: (() => object) | undefined,
  ): void {
    if (!path || !read) return;
    router.add(
      path,
      publicDocument(() => ({ status: 200, body: read(), maxAge: MAX_AGE })),
    );
  }

  /** A cache must not hand the document of one zone to clients of another. */
  private get maxAge(): number {
    return this.dependencies.resources.areFoundByUrl ? MAX_AGE : 0;
  }

  private readResource(target: ResourceTarget): DocumentAnswer {
    const { publicKeys, options, dpop } = this.dependencies;
    const keysPath = options.jwks ?? `${WELL_KNOWN}/${KEYS}`;
    const keysUrl = publicKeys && new URL(keysPath, target.identifier).href;
    return {
      status: 200,
      body: describeResource(target, { keysUrl, dpop }),
      maxAge: this.maxAge,
    };
  }

  private async readServer(target: ResourceTarget): Promise<DocumentAnswer> {
    const { discovery, logger } = this.dependencies;
    const { issuer } = target.zone;
    try {
      const metadata = await discovery.metadataOf(issuer);
      return {
        status: 200,
        body: describeAuthorizationServer(metadata, target.identifier),
        maxAge: this.maxAge,
      };
    } catch (error) {
      // What the other server sent is for nobody to see.
      logger.warn(UPSTREAM_FAILED(issuer), causeOf(error));
      const body = {
        error: 'upstream_error',
        error_description: UPSTREAM_FAILED(issuer),
      };
      return { status: 502, body, maxAge: 0 };
    }
  }
}

/** What went wrong, in our own words. */
function causeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return cause instanceof OAuthError ? `${cause.code}: ${cause.message}` : '';
}
