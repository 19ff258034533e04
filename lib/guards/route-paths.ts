import type { RequestMethod, Type } from '@nestjs/common';
import {
  METHOD_METADATA,
  MODULE_PATH,
  PATH_METADATA,
  VERSION_METADATA,
} from '@nestjs/common/constants.js';
import type { ApplicationConfig } from '@nestjs/core';
import { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';

/** A method of a controller. */
export interface ControllerMethod {
  readonly controller: Type;
  /** Class of the module that has the controller. */
  readonly module: Type;
  readonly callback: object;
}

type Paths = string | readonly string[] | undefined;

/**
 * Where the routes of controllers are: by Nest's own rules, with the prefix and
 * the versions of the application.
 */
export class RoutePaths {
  private readonly factory: RoutePathFactory;

  /** @param applicationId tells apart the applications of a process */
  constructor(
    private readonly config: ApplicationConfig,
    private readonly applicationId: string,
  ) {
    this.factory = new RoutePathFactory(config);
  }

  /** Paths with parameters as they are declared; none for what is no route. */
  of({ controller, module, callback }: ControllerMethod): readonly string[] {
    const methodPaths = pathsOf(callback);
    if (!methodPaths) return [];
    const versioningOptions = this.config.getVersioning();
    const common = {
      globalPrefix: this.config.getGlobalPrefix(),
      modulePath: this.modulePathOf(module),
      versioningOptions,
      controllerVersion:
        Reflect.getMetadata(VERSION_METADATA, controller) ??
        versioningOptions?.defaultVersion,
      methodVersion: Reflect.getMetadata(VERSION_METADATA, callback),
    };
    const requestMethod = Reflect.getMetadata(
      METHOD_METADATA,
      callback,
    ) as RequestMethod;
    return (pathsOf(controller) ?? []).flatMap((ctrlPath) =>
      methodPaths.flatMap((methodPath) =>
        this.factory.create({ ...common, ctrlPath, methodPath }, requestMethod),
      ),
    );
  }

  private modulePathOf(module: Type): string | undefined {
    return (
      Reflect.getMetadata(MODULE_PATH + this.applicationId, module) ??
      Reflect.getMetadata(MODULE_PATH, module)
    );
  }
}

function pathsOf(subject: object): readonly string[] | undefined {
  const paths = Reflect.getMetadata(PATH_METADATA, subject) as Paths;
  return typeof paths === 'string' ? [paths] : paths;
}
