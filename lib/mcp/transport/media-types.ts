const JSON_TYPE = 'application/json';
const STREAM_TYPE = 'text/event-stream';

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
