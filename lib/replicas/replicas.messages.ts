/** Characters of a secret that keys are derived from. */
export const MIN_SECRET_LENGTH = 32;

export const SECRET_TOO_SHORT = `A secret needs at least ${MIN_SECRET_LENGTH} characters, made up by a machine.`;
