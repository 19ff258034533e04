const JSON_TYPE = 'application/json';
const STREAM_TYPE = 'text/event-stream';
const CHARSET = /;\s*charset\s*=\s*"?([^;"]*)/i;
const UTF8_CHARSET = /^(?:utf-?8|us-ascii)\s*$/i;

/**
 * Whether the client takes both forms an answer to a POST can have: which one
 * it will be is not known before the handler ran.
 */
export function acceptsAnswers(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  if (accept.includes(JSON_TYPE) && accept.includes(STREAM_TYPE)) return true;
  const types = accept.toLowerCase();
  if (types.includes('*/*')) return true;
  return (
    (types.includes(JSON_TYPE) || types.includes('application/*')) &&
    (types.includes(STREAM_TYPE) || types.includes('text/*'))
  );
}

/** Whether the client takes an event stream. */
export function acceptsStream(accept: string | undefined): boolean {
  return accept?.toLowerCase().includes(STREAM_TYPE) ?? false;
}

/** Whether a body is declared to be JSON, with any parameters. */
export function isJson(contentType: string | undefined): boolean {
  if (contentType === undefined) return false;
  if (contentType === JSON_TYPE) return true;
  const [type = ''] = contentType.split(';', 1);
  return type.trim().toLowerCase() === JSON_TYPE;
}

/**
 * Whether a body may be read as UTF-8, which JSON always is between systems.
 * What claims to be in another charset could be read as something else.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259#section-8.1
 */
export function isUtf8Type(contentType = ''): boolean {
  if (!contentType.includes(';')) return true;
  const [, charset] = CHARSET.exec(contentType) ?? [];
  return charset === undefined || UTF8_CHARSET.test(charset);
}

/** Whether a body comes as it is. None is decompressed: it could be a bomb. */
export function isPlainEncoding(contentEncoding: string | undefined): boolean {
  return (
    contentEncoding === undefined ||
    contentEncoding.trim().toLowerCase() === 'identity'
  );
}
