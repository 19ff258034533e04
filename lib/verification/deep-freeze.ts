/** Freezes a value and all that is in it, however deep. */
export function deepFreeze(root: object): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    Object.freeze(value);
    open.push(...Object.values(value));
  }
}
