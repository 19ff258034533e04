import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClientSecret } from '../../../lib/credentials/client-secret.credential.js';
import { createHttpFetch } from '../../../lib/oauth/http-fetch.js';
import {
  TokenIntrospector,
  type IntrospectionOptions,
} from '../../../lib/verification/introspection/token-introspector.js';
import {
  ProtectedResource,
  type ResourceTarget,
} from '../../../lib/verification/protected-resource.js';
import type { Zone } from '../../../lib/zone/zone-directory.js';
import { ZoneDiscovery } from '../../../lib/zone/zone-discovery.js';

export const RESOURCE = 'https://mcp.example.com/mcp';
export const TOKEN = 'opaque-token.of~ada+1/2==';

/** What the introspection endpoint answers. */
export interface Answer {
  readonly status?: number;
  readonly contentType?: string;
  /** An object is written as JSON. */
  readonly body?: unknown;
  readonly location?: string;
  /** Milliseconds to wait. */
  readonly delay?: number;
}

/** An authorization server on loopback that answers as a test wants. */
export interface IntrospectionZone {
  readonly issuer: string;
  answer: Answer;
  /** Members put in place of those of the metadata. */
  metadata: Record<string, unknown>;
  /** Bodies and credentials of the requests for introspection. */
  readonly requests: { body: URLSearchParams; authorization?: string }[];
  close(): Promise<void>;
}

export const now = () => Math.floor(Date.now() / 1000);

/** What the zone says about a token that is good. */
export const activeToken = (changes: Record<string, unknown> = {}) => ({
  active: true,
  sub: 'usr_ada',
  client_id: 'assistant',
  aud: RESOURCE,
  scope: 'mcp:tools notes:read',
  exp: now() + 300,
  iat: now() - 10,
  ...changes,
});

export async function startZone(): Promise<IntrospectionZone> {
  const requests: IntrospectionZone['requests'] = [];
  const server = createServer((request, response) => {
    void (async () => {
      if (request.url!.startsWith('/.well-known/')) {
        const { issuer, metadata } = zone;
        const introspection_endpoint = `${issuer}/introspect`;
        response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify({ issuer, introspection_endpoint, ...metadata }));
        return;
      }
      requests.push({
        body: new URLSearchParams(await readBody(request)),
        authorization: request.headers.authorization,
      });
      const { status = 200, body, contentType, location, delay } = zone.answer;
      if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
      if (location) response.setHeader('location', location);
      response
        .writeHead(status, {
          'content-type': contentType ?? 'application/json',
        })
        .end(typeof body === 'string' ? body : JSON.stringify(body));
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const zone: IntrospectionZone = {
    issuer: `http://127.0.0.1:${port}`,
    answer: { body: activeToken() },
    metadata: {},
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return zone;
}

export function targetIn(zone: Zone): ResourceTarget {
  return new ProtectedResource({ identifier: RESOURCE, path: '/mcp' }).in(zone);
}

export function createIntrospector(
  options: IntrospectionOptions = {},
): TokenIntrospector {
  const fetch = createHttpFetch({ timeout: 2_000 });
  return new TokenIntrospector(
    new ZoneDiscovery(fetch),
    new ClientSecret('mcp-server', 's3cret'),
    fetch,
    options,
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
