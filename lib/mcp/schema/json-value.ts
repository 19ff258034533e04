/** Whether a value is an object that is not an array. */
export function isPlainRecord(
  value: unknown,
): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A copy of JSON data, so that a default filled in or a property removed never
 * shows in the caller's object. Recursive: only for data of bounded depth.
 */
export function cloneJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map(cloneJson) as T;
  if (!isPlainRecord(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    setMember(copy, key, cloneJson(value[key]));
  }
  return copy as T;
}

function setMember(
  record: Record<string, unknown>,
  key: string,
  value: unknown,
): void {
  if (key !== '__proto__') {
    record[key] = value;
    return;
  }
  // Assigned, it would be the prototype.
  Object.defineProperty(record, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** Freezes JSON data through and through. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** Whether a value survives being written as JSON and read again. */
export function isJsonValue(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      if (value === null) return true;
      if (Array.isArray(value)) return value.every(isJsonValue);
      return (
        Object.getPrototypeOf(value) === Object.prototype &&
        Object.values(value).every(isJsonValue)
      );
    default:
      return false;
  }
}
