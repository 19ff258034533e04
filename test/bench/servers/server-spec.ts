/** Whose server it is: node's own, the module of others, or ours. */
export type ServerKind = 'bare' | 'peer' | 'keycard';

export type AdapterName = 'express' | 'fastify';

/** A server to start. */
export interface ServerSpec {
  readonly kind: ServerKind;
  readonly adapter: AdapterName;
  readonly toolCount: number;
}

/** A server to start, and where. */
export interface PlacedServer extends ServerSpec {
  readonly port: number;
  /** The zone of a server that needs one. */
  readonly issuer: string;
}

/** Public URL of a server. */
export const urlOf = (port: number) => `http://localhost:${port}/mcp`;

/** What the parent asks a server process for. */
export type ServerQuestion = 'processor' | 'heap';

/** What a server process tells its parent. */
export interface ServerReport {
  /** Microseconds of processor time since it started, or bytes of heap. */
  readonly value: number;
}
