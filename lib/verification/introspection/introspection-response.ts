import { OAuthHttpError } from '../../oauth/errors/oauth-http.error.js';
import { OAuthResponseError } from '../../oauth/errors/oauth-response.error.js';
import { hasRepeatedMembers } from '../repeated-members.js';
import { NOT_JSON } from './introspection.messages.js';

/** What a server said about a token: nothing in it is checked. */
export type IntrospectionResponse = Readonly<Record<string, unknown>>;

/** The server knows such tokens, but does not introspect them. */
const NOT_INTROSPECTABLE: IntrospectionResponse = { active: false };

/**
 * Reads the answer of an introspection endpoint. Whatever is not an answer is
 * a failure of the server, and says nothing about the token.
 *
 * Members that repeat the token are left out: some servers give it as `jti`,
 * and claims may be logged.
 *
 * @throws OAuthHttpError, OAuthResponseError
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.2
 */
export async function readIntrospectionResponse(
  response: Response,
  token: string,
): Promise<IntrospectionResponse> {
  const body = isJson(response)
    ? parseObject(await response.text(), token)
    : undefined;
  if (response.status === 400 && body?.error === 'unsupported_token_type') {
    return NOT_INTROSPECTABLE;
  }
  if (response.status !== 200) throw new OAuthHttpError(response.status);
  if (!body) throw new OAuthResponseError(NOT_JSON);
  return body;
}

function isJson(response: Response): boolean {
  const [mediaType] = (response.headers.get('content-type') ?? '').split(';');
  return mediaType!.trim().toLowerCase() === 'application/json';
}

function parseObject(
  json: string,
  token: string,
): IntrospectionResponse | undefined {
  try {
    const value: unknown = JSON.parse(json, (_name, member: unknown) =>
      member === token ? undefined : member,
    );
    if (typeof value !== 'object' || value === null) return undefined;
    // Two readers of one answer must not see two different audiences.
    if (Array.isArray(value) || hasRepeatedMembers(json)) return undefined;
    return value as IntrospectionResponse;
  } catch {
    return undefined;
  }
}
