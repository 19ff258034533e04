import type { AdapterName, ServerSpec } from './servers/server-spec.js';

/** One row of the table: a server, and what it is asked. */
export interface Scenario {
  readonly label: string;
  readonly server: ServerSpec;
  readonly method: 'tools/call' | 'tools/list';
  readonly era: 'legacy' | 'modern';
  readonly inSession?: boolean;
}

export type ScenarioName =
  | 'limit'
  | 'call'
  | 'peerCall'
  | 'modernCall'
  | 'peerModernCall'
  | 'list'
  | 'peerList'
  | 'modernList'
  | 'peerModernList'
  | 'sessionCall'
  | 'otherAdapterCall';

/** Which two are compared: ours, and theirs. */
export const RATIOS: Record<string, readonly [ScenarioName, ScenarioName]> = {
  callVsLimit: ['call', 'limit'],
  callVsPeer: ['call', 'peerCall'],
  modernVsPeer: ['modernCall', 'peerModernCall'],
  list200VsPeer: ['list', 'peerList'],
};

const FEW = 50;
const MANY = 200;

/** All rows. Those that are compared stand, and run, beside each other. */
export function createScenarios(
  adapter: AdapterName,
): Record<ScenarioName, Scenario> {
  const other = adapter === 'express' ? 'fastify' : 'express';
  const keycard = { kind: 'keycard', adapter, toolCount: FEW } as const;
  const peer = { kind: 'peer', adapter, toolCount: FEW } as const;
  const call = { method: 'tools/call', era: 'legacy' } as const;
  const modernCall = { method: 'tools/call', era: 'modern' } as const;
  const list = { method: 'tools/list', era: 'legacy' } as const;
  const modernList = { method: 'tools/list', era: 'modern' } as const;
  return {
    limit: {
      label: 'node:http, the same JSON',
      server: { ...peer, kind: 'bare' },
      ...call,
    },
    call: { label: 'ours, call, 2025', server: keycard, ...call },
    peerCall: { label: 'peer, call, 2025', server: peer, ...call },
    modernCall: { label: 'ours, call, 2026', server: keycard, ...modernCall },
    peerModernCall: { label: 'peer, call, 2026', server: peer, ...modernCall },
    list: {
      label: 'ours, list of 200, 2025',
      server: { ...keycard, toolCount: MANY },
      ...list,
    },
    peerList: {
      label: 'peer, list of 200, 2025',
      server: { ...peer, toolCount: MANY },
      ...list,
    },
    modernList: {
      label: 'ours, list of 200, 2026',
      server: { ...keycard, toolCount: MANY },
      ...modernList,
    },
    peerModernList: {
      label: 'peer, list of 200, 2026',
      server: { ...peer, toolCount: MANY },
      ...modernList,
    },
    sessionCall: {
      label: 'ours, call, 2025, in a session',
      server: keycard,
      ...call,
      inSession: true,
    },
    otherAdapterCall: {
      label: `ours, call, 2025, on ${other}`,
      server: { ...keycard, adapter: other },
      ...call,
    },
  };
}
