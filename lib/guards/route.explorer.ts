import type { Type } from '@nestjs/common';
import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { checkGrantDefinition } from '../delegation/grant-definition.check.js';
import { KeycardAuthGuard } from './keycard-auth.guard.js';
import type { ProtectedResourceRegistry } from './protected-resource.registry.js';
import type { RoutePaths } from './route-paths.js';
import { protectionOf, type ProtectMode } from './route-protection.js';

/** What the explorer works with. */
export interface RouteExplorerDependencies {
  readonly discovery: DiscoveryService;
  readonly scanner: MetadataScanner;
  readonly paths: RoutePaths;
  readonly resources: ProtectedResourceRegistry;
  readonly protect: ProtectMode;
}

/** A method of a controller, with where it stands. */
interface DiscoveredMethod {
  readonly prototype: object;
  readonly method: string;
  readonly callback: () => void;
  /** Class and method, for messages. */
  readonly place: string;
  readonly controller: Type;
  readonly module: Type;
}

/** Looks through the HTTP routes, before any of them is called. */
export class RouteExplorer {
  constructor(private readonly dependencies: RouteExplorerDependencies) {}

  /**
   * Looks for declarations that cannot work.
   *
   * @throws GrantDefinitionError
   */
  check(hasCredential: boolean): void {
    for (const method of this.methods()) {
      checkGrantDefinition(method, hasCredential);
    }
  }

  /** Tells the resources which scopes their routes need: the guard's own view. */
  publishScopes(): void {
    const { paths, resources, protect } = this.dependencies;
    for (const method of this.methods()) {
      const { isProtected, scopes } = protectionOf(
        {
          getHandler: () => method.callback,
          getClass: () => method.controller,
        },
        protect,
        KeycardAuthGuard,
      );
      if (!isProtected || scopes.length === 0) continue;
      for (const path of paths.of(method)) {
        resources.resourceOfRoute(path).support(scopes);
      }
    }
  }

  private *methods(): Generator<DiscoveredMethod> {
    const { discovery, scanner } = this.dependencies;
    for (const { instance, metatype, host } of discovery.getControllers()) {
      if (typeof instance !== 'object' || instance === null) continue;
      const prototype = Object.getPrototypeOf(instance) as Record<
        string,
        () => void
      >;
      for (const method of scanner.getAllMethodNames(prototype)) {
        yield {
          prototype,
          method,
          callback: prototype[method]!,
          place: `${prototype.constructor.name}.${method}`,
          controller: metatype as Type,
          module: host!.metatype,
        };
      }
    }
  }
}
