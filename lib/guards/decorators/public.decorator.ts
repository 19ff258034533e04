import { SetMetadata } from '@nestjs/common';

/** Metadata key of {@link Public}. */
export const PUBLIC_METADATA = 'keycard:public';

/**
 * Opens a route, or a controller, in an application with `protect: 'all'`.
 *
 * @publicApi
 */
export const Public = (): MethodDecorator & ClassDecorator =>
  SetMetadata(PUBLIC_METADATA, true);
