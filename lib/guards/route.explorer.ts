import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { checkGrantDefinition } from '../delegation/grant-definition.check.js';

/** Looks through the HTTP routes, for declarations that cannot work. */
export class RouteExplorer {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** @throws GrantDefinitionError */
  check(hasCredential: boolean): void {
    for (const { instance } of this.discovery.getControllers()) {
      if (typeof instance !== 'object' || instance === null) continue;
      const prototype = Object.getPrototypeOf(instance) as Record<
        string,
        unknown
      >;
      for (const method of this.scanner.getAllMethodNames(prototype)) {
        const callback = prototype[method] as object;
        const place = `${prototype.constructor.name}.${method}`;
        checkGrantDefinition(
          { prototype, method, callback, place },
          hasCredential,
        );
      }
    }
  }
}
