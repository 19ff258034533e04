const encoded = new WeakMap<object, Buffer>();

/**
 * Writes a result as JSON that will be the answer to many requests. Whoever
 * answers sends these bytes, and does not look at the object again: do not
 * change it afterwards.
 *
 * @returns the same object
 * @throws TypeError when it has no JSON form
 */
export function encodeOnce<T extends object>(result: T): T {
  encoded.set(result, Buffer.from(JSON.stringify(result)));
  return result;
}

/** The bytes of a result that was written before; `undefined` for any other. */
export function encodedFormOf(result: unknown): Buffer | undefined {
  return typeof result === 'object' && result !== null
    ? encoded.get(result)
    : undefined;
}
