import type { ClientAuthentication } from '../oauth/token-request.js';

/**
 * Client id and secret in the `Authorization` header.
 *
 * Both are form-encoded first, as a browser would. That leaves `-`, `.` and
 * `_` alone, so that the usual secrets also work with servers that take the
 * header as it is and decode nothing.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
export function basicAuthentication(secret: string): ClientAuthentication {
  return (_server, client, _body, headers) => {
    const pair = `${formEncode(client.client_id)}:${formEncode(secret)}`;
    headers.set('authorization', `Basic ${btoa(pair)}`);
  };
}

function formEncode(value: string): string {
  return new URLSearchParams({ '': value }).toString().slice(1);
}
