import { ClientInputError } from './client-input.error.js';
import { isObject } from '../transport/message-classifier.js';
import type { InputRequest } from './input-request.js';

/** Capabilities by name, with the modes they must have. */
type Capabilities = Readonly<Record<string, unknown>>;

/**
 * A server must not ask what the client did not say it can answer.
 *
 * @throws ClientInputError that names what is missing
 */
export function ensureDeclared(
  requests: readonly InputRequest[],
  declared: unknown,
): void {
  const missing = missingCapabilities(requests, declared);
  if (missing) throw ClientInputError.missingCapabilities(missing);
}

/** What a client would have to declare, and did not, to be asked all this. */
function missingCapabilities(
  requests: readonly InputRequest[],
  declared: unknown,
): Capabilities | undefined {
  const missing: Record<string, Record<string, unknown>> = {};
  for (const request of requests) {
    const { name, mode } = capabilityOf(request);
    if (isDeclared(declared, name, mode)) continue;
    missing[name] = { ...missing[name], ...(mode && { [mode]: {} }) };
  }
  return Object.keys(missing).length > 0 ? missing : undefined;
}

function capabilityOf({ method, params = {} }: InputRequest): {
  name: string;
  mode?: string;
} {
  if (method === 'roots/list') return { name: 'roots' };
  if (method === 'elicitation/create') {
    const mode = params['mode'] === 'url' ? 'url' : 'form';
    return { name: 'elicitation', mode };
  }
  return params['tools'] === undefined && params['toolChoice'] === undefined
    ? { name: 'sampling' }
    : { name: 'sampling', mode: 'tools' };
}

function isDeclared(
  declared: unknown,
  name: string,
  mode: string | undefined,
): boolean {
  const capability = isObject(declared) ? declared[name] : undefined;
  if (!isObject(capability)) return false;
  if (mode === undefined || capability[mode] !== undefined) return true;
  // Before there were modes, elicitation meant forms.
  return (
    name === 'elicitation' && mode === 'form' && capability['url'] === undefined
  );
}
