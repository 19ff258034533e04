import { Logger } from '@nestjs/common';

/** What the module logs with. */
export const logger = new Logger('Keycard');
