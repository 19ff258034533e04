import { negotiatedRevision } from './era.js';
import type { ClientIntroduction } from './session-ids.js';

const MAX_NAME_LENGTH = 100;

/** Bytes, as JSON. */
const MAX_CAPABILITIES = 1024;
const MAX_INTRODUCTION = 16 * 1024;

/** What the server asks clients for. Others may be of any size. */
const KNOWN_CAPABILITIES = ['elicitation', 'roots', 'sampling', 'tasks'];

/**
 * As much of an introduction as a session keeps for as long as it lives: all of
 * it, unless its client says much more than any needs to.
 */
export function bounded(client: ClientIntroduction): ClientIntroduction {
  return sizeOf(client) <= MAX_INTRODUCTION ? client : abridged(client);
}

/** What has to be known of a client. It chose what to say, and how much of it. */
export function abridged({
  protocolVersion,
  clientInfo: { name, version },
  capabilities,
}: ClientIntroduction): ClientIntroduction {
  return {
    protocolVersion: negotiatedRevision(protocolVersion),
    clientInfo: { name: shortened(name), version: shortened(version) },
    capabilities: abridgedCapabilities(capabilities),
  };
}

function shortened(text: unknown): string {
  return String(text).slice(0, MAX_NAME_LENGTH);
}

function abridgedCapabilities(
  all: ClientIntroduction['capabilities'],
): ClientIntroduction['capabilities'] {
  const known = Object.fromEntries(
    Object.entries(all).filter(([name]) => KNOWN_CAPABILITIES.includes(name)),
  );
  return [all, known].find(isShort) ?? {};
}

function isShort(capabilities: object): boolean {
  return sizeOf(capabilities) <= MAX_CAPABILITIES;
}

/** What is nested too deep to be written is larger than anything. */
function sizeOf(value: object): number {
  try {
    return Buffer.byteLength(JSON.stringify(value));
  } catch {
    return Infinity;
  }
}
