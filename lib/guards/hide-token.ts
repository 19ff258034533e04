import { isNamed, type CredentialedRequest } from './request-credentials.js';

/**
 * Leaves the token to those who ask for the header by its name. Whatever lists
 * headers, to log them or to hand them on as the SDKs do to tools, has none.
 */
export function hideToken(request: CredentialedRequest): void {
  const { headers, rawHeaders = [] } = request;
  Reflect.defineProperty(headers, 'authorization', {
    value: headers.authorization,
    enumerable: false,
  });
  const received = rawHeaders as string[];
  for (let index = received.length - 2; index >= 0; index -= 2) {
    if (isNamed('authorization', received[index]!)) received.splice(index, 2);
  }
}
