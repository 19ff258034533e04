/** Something known about requests that is no property of theirs. */
export interface RequestNote<T> {
  get(request: object): T | undefined;
  set(request: object, value: T): void;
}

/** What its subclasses declare become fields of the request. */
class Carrier {
  constructor(request: object) {
    return request;
  }
}

/**
 * Notes on requests that nobody else can read, forge or inherit.
 *
 * A WeakMap does the same, but V8 keeps what its values refer to until the next
 * full garbage collection. Such values lead back to the request, so that every
 * request would outlive its answer, and be copied time and again.
 */
export function createRequestNote<T>(): RequestNote<T> {
  return class Note extends Carrier {
    #value: T | undefined;

    static get(request: object): T | undefined {
      return #value in request ? request.#value : undefined;
    }

    static set(request: object, value: T): void {
      const note = #value in request ? request : new Note(request);
      note.#value = value;
    }
  };
}
