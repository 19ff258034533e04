/**
 * Whether a decorator stands on a method of an instance: not on a class, a
 * property, an accessor or a static method, where nothing would ever look.
 */
export function isInstanceMethod(
  target: object,
  method: string | symbol | undefined,
  descriptor: PropertyDescriptor | undefined,
): boolean {
  return (
    typeof target === 'object' &&
    typeof method === 'string' &&
    typeof descriptor?.value === 'function'
  );
}

/** Class and method, for messages. */
export function placeOf(
  target: object,
  method: string | symbol | undefined,
): string {
  const type = typeof target === 'function' ? target : target.constructor;
  return method === undefined ? type.name : `${type.name}.${String(method)}`;
}
