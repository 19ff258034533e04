import type { LoggerService } from '@nestjs/common';
import type { ProtectedResourceRegistry } from '../guards/protected-resource.registry.js';
import type { RawHandler } from '../http/raw-route.js';
import type { RootRouter } from '../http/root-router.js';
import { metadataPathOf } from '../verification/resource-identifier.js';
import type { ResourceTarget } from '../verification/protected-resource.js';
import type { ZoneDirectory } from '../zone/zone-directory.js';
import type { ZoneDiscovery } from '../zone/zone-discovery.js';
import { describeAuthorizationServer } from './authorization-server.document.js';
import { UPSTREAM_FAILED } from './metadata.messages.js';
import { describeResource } from './protected-resource.document.js';
import { publicDocument, type DocumentAnswer } from './public-document.js';

const AUTHORIZATION_SERVER_PATH = '/.well-known/oauth-authorization-server';

/** Seconds that clients may keep a document. */
const MAX_AGE = 60;

/**
 * Serves what clients need to find the authorization server, at the root of
 * the origin.
 */
export class MetadataController {
  constructor(
    private readonly resources: ProtectedResourceRegistry,
    private readonly zones: ZoneDirectory,
    private readonly discovery: ZoneDiscovery,
    private readonly logger: LoggerService,
  ) {}

  /** Adds the routes of all resources that are known by now. */
  register(router: RootRouter): void {
    const zone = this.zones.find(undefined);
    if (!zone) return;
    const routes = new Map<string, RawHandler>();
    for (const resource of this.resources.all) {
      const target = resource.in(zone);
      for (const [path, handler] of this.routesOf(target, resource.path)) {
        routes.set(path, handler);
      }
      // Where nothing says otherwise, clients probe the root.
      for (const [path, handler] of this.routesOf(target, '')) {
        if (this.resources.all.length === 1) routes.set(path, handler);
      }
    }
    for (const [path, handler] of routes) router.add(path, handler);
  }

  private routesOf(
    target: ResourceTarget,
    path: string,
  ): [path: string, handler: RawHandler][] {
    return [
      [
        metadataPathOf(path),
        publicDocument(() => ({
          status: 200,
          body: describeResource(target),
          maxAge: MAX_AGE,
        })),
      ],
      [
        `${AUTHORIZATION_SERVER_PATH}${path}`,
        publicDocument(() => this.readServer(target)),
      ],
    ];
  }

  private async readServer(target: ResourceTarget): Promise<DocumentAnswer> {
    const { issuer } = target.zone;
    try {
      const metadata = await this.discovery.metadataOf(issuer);
      return {
        status: 200,
        body: describeAuthorizationServer(metadata, target.identifier),
        maxAge: MAX_AGE,
      };
    } catch (error) {
      // What the other server sent stays here.
      this.logger.warn(UPSTREAM_FAILED(issuer), error);
      const body = {
        error: 'upstream_error',
        error_description: UPSTREAM_FAILED(issuer),
      };
      return { status: 502, body, maxAge: 0 };
    }
  }
}
