/** Token of what {@link KeycardAuthGuard} works with. @internal */
export const KEYCARD_GUARD_DEPENDENCIES = 'KEYCARD:GUARD_DEPENDENCIES';
