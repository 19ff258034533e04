import { isNamed, type CredentialedRequest } from './request-credentials.js';

type Headers = CredentialedRequest['headers'];

/** The same headers. Their token is there for those who ask for it by name. */
class GuardedHeaders {
  #authorization: string | undefined;

  constructor(headers: Headers) {
    this.#authorization = headers.authorization;
    const listed = this as Record<string, unknown>;
    for (const name of Object.keys(headers)) {
      if (name !== 'authorization') listed[name] = Reflect.get(headers, name);
    }
  }

  // An accessor of the class is not listed.
  get authorization(): string | undefined {
    return this.#authorization;
  }

  set authorization(value: string | undefined) {
    this.#authorization = value;
  }
}

/**
 * Leaves the token to those who ask for the header by its name. Whatever lists
 * headers, to log them or to hand them on as the SDKs do to tools, has none.
 */
export function hideToken(request: CredentialedRequest): void {
  const { headers, rawHeaders = [] } = request;
  if (headers instanceof GuardedHeaders) return;
  // Emptied, not taken out: node remembers how many there were.
  const received = rawHeaders as string[];
  for (let index = 0; index < received.length; index += 2) {
    if (isNamed('authorization', received[index]!)) received[index + 1] = '';
  }
  // What somebody read of them before, node reads anew.
  if ('headersDistinct' in request) request.headersDistinct = undefined;
  // A property that is hidden makes an object slow to read, so there is another
  // to read from. Requests of HTTP/2 keep the one they have, and so does whoever
  // took it before.
  Reflect.set(request, 'headers', new GuardedHeaders(headers));
  Reflect.defineProperty(headers, 'authorization', {
    value: headers.authorization,
    enumerable: false,
  });
}
