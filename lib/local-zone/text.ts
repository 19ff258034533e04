/** Splits a space-separated list, such as the `scope` parameter. */
export function words(value: unknown): string[] {
  if (typeof value !== 'string') {
    return [];
  }
  return value.split(' ').filter((word) => word !== '');
}

/** The values of a member that may be one string, several, or missing. */
export function strings(value: unknown): string[] {
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  return values.filter((item) => typeof item === 'string');
}

/** Seconds since the epoch, the unit of JWT claims. */
export function epochSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
