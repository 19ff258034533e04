import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { DpopNonceRequiredError } from '../../../lib/verification/dpop/dpop-nonce-required.error.js';
import type { DpopOptions } from '../../../lib/verification/dpop/dpop-options.interface.js';
import { DpopProofVerifier } from '../../../lib/verification/dpop/dpop-proof.verifier.js';
import { InvalidDpopProofError } from '../../../lib/verification/dpop/invalid-dpop-proof.error.js';
import {
  checkTokenBinding,
  thumbprintOf,
  type TokenScheme,
} from '../../../lib/verification/dpop/token-binding.js';

/** A protected resource on loopback that asks the code under test. */
export interface DpopResourceServer {
  /** Public URL: its host is not the one it is reached at. */
  readonly publicUrl: string;
  readonly address: string;
  issue(claims: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

export async function startResourceServer(
  options: DpopOptions = {},
): Promise<DpopResourceServer> {
  const publicUrl = 'https://mcp.example.com/mcp';
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const verifier = new DpopProofVerifier(options);

  const authorize = async (request: IncomingMessage) => {
    const [scheme, accessToken] = (request.headers.authorization ?? '').split(
      ' ',
    ) as [string, string | undefined];
    if (!accessToken) throw new Error('no_token');
    const { payload } = await jwtVerify(accessToken, publicKey, {
      audience: publicUrl,
      algorithms: ['RS256'],
    });
    const name = scheme.toLowerCase() as TokenScheme;
    const boundKeyThumbprint = thumbprintOf(payload);
    const mismatch = checkTokenBinding(name, boundKeyThumbprint);
    if (mismatch) throw mismatch;
    if (name === 'bearer') return payload;
    await verifier.verify({
      proofs: valuesOf(request, 'dpop'),
      method: request.method!,
      url: publicUrl,
      accessToken,
      boundKeyThumbprint,
    });
    return payload;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const nonce = verifier.currentNonce();
    if (nonce) response.setHeader('dpop-nonce', nonce);
    try {
      const { sub } = await authorize(request);
      response.end(JSON.stringify({ sub }));
    } catch (error) {
      const algorithms = verifier.algorithms.join(' ');
      const challenge = `DPoP error="${codeOf(error)}", algs="${algorithms}"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    }
  };

  const server = createServer((request, response) => {
    void handle(request, response);
  });
  const address = await listen(server);
  return {
    publicUrl,
    address,
    issue: (claims) =>
      new SignJWT({ sub: 'ada', aud: publicUrl, ...claims })
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' })
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

/** Node joins repeated headers; only the raw list tells them apart. */
function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter(
    (_value, index) =>
      index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === name,
  );
}

function codeOf(error: unknown): string {
  if (error instanceof DpopNonceRequiredError) return 'use_dpop_nonce';
  if (error instanceof InvalidDpopProofError) return 'invalid_dpop_proof';
  return 'invalid_token';
}
