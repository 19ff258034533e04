import {
  Controller,
  Get,
  Injectable,
  Module,
  type INestApplication,
} from '@nestjs/common';
import {
  KeycardModule,
  McpTool,
  Protected,
  RequireScopes,
  type TokenOptions,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { bearer, toolCall } from '../support/post.js';
import { createProver, type Prover } from '../support/proof.js';
import { Watch, type WatchedAnswer } from '../support/watch.js';

const HOST = 'https://mcp.example.com';
const MCP = `${HOST}/mcp`;
const AREA = `${HOST}/public/area`;
const ALGORITHMS = 'ES256 ES384 ES512 PS256 RS256 EdDSA Ed25519';
const PROOF_NOT_ACCEPTED =
  'Send an access token that is bound to a key with the DPoP scheme and a fresh proof of that key, and a token that is not bound with the Bearer scheme, where that is accepted.';

const metadata = (path: string) =>
  `resource_metadata="${HOST}/.well-known/oauth-protected-resource${path}"`;

const dpop = (token: string, proof: string | string[]) => ({
  authorization: `DPoP ${token}`,
  dpop: proof,
});

describe.each(ADAPTERS)('DPoP on %s', (_name, createAdapter) => {
  const watch = new Watch();
  let runs = 0;
  let zone: LocalZone;
  let prover: Prover;
  let other: Prover;

  @Injectable()
  class Tools {
    @McpTool({ description: 'For tests' })
    ping() {
      runs += 1;
      return 'pong';
    }

    @McpTool({ description: 'For tests', scopes: 'write' })
    write() {
      runs += 1;
      return 'written';
    }
  }

  @Controller('area')
  class AreaController {
    @Get('things')
    @Protected()
    things() {
      runs += 1;
      return {};
    }

    @Get('scoped')
    @RequireScopes('write')
    scoped() {
      runs += 1;
      return {};
    }
  }

  beforeAll(async () => {
    zone = await LocalZone.create().start();
    prover = await createProver();
    other = await createProver();
  });
  afterAll(async () => {
    await zone.stop();
    watch.expectNoLeak();
  });

  async function start(tokens: TokenOptions) {
    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: zone.issuer,
          resourceUrl: MCP,
          tokens,
        }),
        // Its public path is not the one of the application.
        KeycardModule.forFeature({ resourceUrl: AREA, path: '/area' }),
      ],
      controllers: [AreaController],
      providers: [Tools],
    })
    class AppModule {}
    const application = await boot(AppModule, {
      adapter: createAdapter(),
      logger: watch.logger,
    });
    return { application, url: await application.getUrl() };
  }

  /** The MCP endpoint, and an HTTP route behind another public URL. */
  const PLACES: [string, Place][] = [
    [
      'the MCP endpoint',
      {
        aud: MCP,
        method: 'POST',
        publicUrl: MCP,
        metadata: metadata('/mcp'),
        send: (url, headers) =>
          watch.post(`${url}/mcp`, toolCall('ping'), {
            host: 'mcp.example.com',
            ...headers,
          }),
      },
    ],
    [
      'an HTTP route',
      {
        aud: AREA,
        method: 'GET',
        publicUrl: `${AREA}/things`,
        metadata: metadata('/public/area'),
        send: (url, headers) =>
          watch.send(`${url}/area/things?page=2`, { headers }),
      },
    ],
  ];

  interface Place {
    readonly aud: string;
    readonly method: string;
    readonly publicUrl: string;
    readonly metadata: string;
    send(
      url: string,
      headers: Record<string, string | string[]>,
    ): Promise<WatchedAnswer>;
  }

  const mint = async (aud: string, jkt?: unknown) =>
    watch.keep(
      await zone.mint({
        sub: 'usr_ada',
        aud,
        ...(jkt !== undefined && { cnf: { jkt } }),
      }),
    );

  describe.each(PLACES)('as an option, at %s', (_place, place) => {
    let application: INestApplication;
    let url: string;

    beforeAll(async () => {
      ({ application, url } = await start({ dpop: true }));
    });
    afterAll(() => application.close());

    const prove = (token: string, extra?: Record<string, unknown>) =>
      prover.prove(place.method, place.publicUrl, token, extra);

    it('accepts a bound token with a proof', async () => {
      const token = await mint(place.aud, prover.thumbprint);
      for (let time = 0; time < 2; time += 1) {
        const answer = await place.send(url, dpop(token, await prove(token)));
        expect(answer.status).toBe(200);
      }
    });

    it('accepts an unbound token as bearer', async () => {
      const answer = await place.send(url, bearer(await mint(place.aud)));
      expect(answer.status).toBe(200);
    });

    it('names both schemes to a caller without a token', async () => {
      const answer = await place.send(url, {});
      expect([answer.status, answer.challenge]).toEqual([
        401,
        `Bearer ${place.metadata}, DPoP algs="${ALGORITHMS}", ${place.metadata}`,
      ]);
    });

    it.each([
      ['bearer', (token: string) => bearer(token)],
      ['dpop', (token: string) => dpop(token, 'x')],
    ])('says of a wrong %s token which it was', async (scheme, headers) => {
      const answer = await place.send(url, headers('wrong'));
      expect([answer.status, answer.json.error]).toEqual([
        401,
        'invalid_token',
      ]);
      const said =
        'error="invalid_token", error_description="The access token is expired, malformed, or not meant for this resource."';
      expect(answer.challenge).toBe(
        scheme === 'bearer'
          ? `Bearer ${said}, ${place.metadata}, DPoP algs="${ALGORITHMS}", ${place.metadata}`
          : `Bearer ${place.metadata}, DPoP ${said}, algs="${ALGORITHMS}", ${place.metadata}`,
      );
    });

    const REFUSED: [
      string,
      string,
      () => Promise<Record<string, string | string[]>>,
    ][] = [
      [
        'a bound token as bearer',
        'invalid_token',
        async () => bearer(await mint(place.aud, prover.thumbprint)),
      ],
      [
        'a bound token as bearer, with a proof',
        'invalid_token',
        async () => {
          const token = await mint(place.aud, prover.thumbprint);
          return { ...bearer(token), dpop: await prove(token) };
        },
      ],
      [
        'an unbound token with a proof',
        'invalid_token',
        async () => {
          const token = await mint(place.aud);
          return dpop(token, await prove(token));
        },
      ],
      [
        'a bound token without a proof',
        'invalid_dpop_proof',
        async () => ({
          authorization: `DPoP ${await mint(place.aud, prover.thumbprint)}`,
        }),
      ],
      [
        'two proofs',
        'invalid_dpop_proof',
        async () => {
          const token = await mint(place.aud, prover.thumbprint);
          return dpop(token, [await prove(token), await prove(token)]);
        },
      ],
      [
        'a proof of another key',
        'invalid_dpop_proof',
        async () => {
          const token = await mint(place.aud, prover.thumbprint);
          return dpop(
            token,
            await other.prove(place.method, place.publicUrl, token),
          );
        },
      ],
      [
        'a proof for another token',
        'invalid_dpop_proof',
        async () => {
          const token = await mint(place.aud, prover.thumbprint);
          return dpop(token, await prove('another'));
        },
      ],
      [
        'a proof for another method',
        'invalid_dpop_proof',
        async () => {
          const token = await mint(place.aud, prover.thumbprint);
          return dpop(token, await prove(token, { htm: 'PUT' }));
        },
      ],
      [
        'a proof for another URL',
        'invalid_dpop_proof',
        async () => {
          const token = await mint(place.aud, prover.thumbprint);
          return dpop(token, await prove(token, { htu: `${HOST}/other` }));
        },
      ],
      [
        'a proof for the address behind the proxy',
        'invalid_dpop_proof',
        async () => {
          const token = await mint(place.aud, prover.thumbprint);
          return dpop(token, await prove(token, { htu: `${url}/area/things` }));
        },
      ],
      [
        'a stale proof',
        'invalid_dpop_proof',
        async () => {
          const token = await mint(place.aud, prover.thumbprint);
          return dpop(token, await prove(token, { iat: 1_700_000_000 }));
        },
      ],
    ];

    it.each(REFUSED)('refuses %s', async (_case, error, makeHeaders) => {
      const before = runs;
      const answer = await place.send(url, await makeHeaders());
      expect([answer.status, answer.json]).toEqual([
        401,
        { error, error_description: PROOF_NOT_ACCEPTED },
      ]);
      expect(answer.challenge).toBe(
        `DPoP error="${error}", error_description="${PROOF_NOT_ACCEPTED}", algs="${ALGORITHMS}", ${place.metadata}`,
      );
      expect(runs).toBe(before);
    });

    it('refuses a proof that was used', async () => {
      const token = await mint(place.aud, prover.thumbprint);
      const headers = dpop(token, await prove(token));
      expect((await place.send(url, headers)).status).toBe(200);
      const again = await place.send(url, headers);
      expect([again.status, again.json.error]).toEqual([
        401,
        'invalid_dpop_proof',
      ]);
    });

    it.each([
      ['a certificate', { 'x5t#S256': 'A'.repeat(43) }],
      ['nothing', {}],
      ['a list', []],
      ['a key and a certificate', { jkt: 'x', 'x5t#S256': 'y' }],
    ])('refuses a token bound to %s', async (_case, cnf) => {
      const token = watch.keep(
        await zone.mint({ sub: 'usr_ada', aud: place.aud, cnf }),
      );
      expect((await place.send(url, bearer(token))).status).toBe(401);
      const proved = await place.send(url, dpop(token, await prove(token)));
      expect(proved.status).toBe(401);
    });
  });

  it('checks the proof of a remembered token, too', async () => {
    const { application, url } = await start({ dpop: true });
    const [, place] = PLACES[0]!;
    const token = await mint(MCP, prover.thumbprint);
    const proof = await prover.prove('POST', MCP, token);
    const first = await place.send(url, dpop(token, proof));
    const stolen = await place.send(url, bearer(token));
    const forged = await other.prove('POST', MCP, token);
    const proved = await place.send(url, dpop(token, forged));
    await application.close();
    expect([first.status, stolen.status, proved.status]).toEqual([
      200, 401, 401,
    ]);
  });

  it.each(PLACES)('hands out a nonce at %s', async (_place, place) => {
    const { application, url } = await start({
      dpop: { nonce: { required: true } },
    });
    const token = await mint(place.aud, prover.thumbprint);
    const prove = (extra?: Record<string, unknown>) =>
      prover.prove(place.method, place.publicUrl, token, extra);
    const asked = await place.send(url, dpop(token, await prove()));
    const nonce = asked.headers['dpop-nonce'] as string;
    const wrong = await place.send(
      url,
      dpop(token, await prove({ nonce: 'made-up' })),
    );
    const right = await place.send(url, dpop(token, await prove({ nonce })));
    await application.close();
    expect([asked.status, asked.json.error]).toEqual([401, 'use_dpop_nonce']);
    expect(asked.challenge).toMatch(/^DPoP error="use_dpop_nonce"/);
    expect(nonce).toBeTypeOf('string');
    expect([wrong.status, wrong.json.error]).toEqual([401, 'use_dpop_nonce']);
    expect(right.status).toBe(200);
  });

  it.each(PLACES)('can be required at %s', async (_place, place) => {
    const { application, url } = await start({ dpop: { required: true } });
    const bound = await mint(place.aud, prover.thumbprint);
    const proof = await prover.prove(place.method, place.publicUrl, bound);
    const answers = {
      none: await place.send(url, {}),
      bearer: await place.send(url, bearer(await mint(place.aud))),
      bound: await place.send(url, dpop(bound, proof)),
    };
    await application.close();
    expect([answers.none.status, answers.none.challenge]).toEqual([
      401,
      `DPoP algs="${ALGORITHMS}", ${place.metadata}`,
    ]);
    expect([answers.bearer.status, answers.bearer.json.error]).toEqual([
      401,
      'invalid_token',
    ]);
    expect(answers.bearer.challenge).toMatch(/^DPoP error="invalid_token"/);
    expect(answers.bound.status).toBe(200);
  });

  it.each<[string, TokenOptions, object]>([
    ['off', {}, {}],
    [
      'on',
      { dpop: { algorithms: ['ES256'] } },
      { dpop_signing_alg_values_supported: ['ES256'] },
    ],
    [
      'required',
      { dpop: { required: true, algorithms: ['ES256'] } },
      {
        dpop_signing_alg_values_supported: ['ES256'],
        dpop_bound_access_tokens_required: true,
      },
    ],
  ])('is in the metadata when %s', async (_case, tokens, expected) => {
    const { application, url } = await start(tokens);
    const { json } = await watch.send(
      `${url}/.well-known/oauth-protected-resource/mcp`,
    );
    await application.close();
    const members = Object.entries(json).filter(([key]) =>
      key.startsWith('dpop_'),
    );
    expect(Object.fromEntries(members)).toEqual(expected);
  });

  it.each(PLACES)('is refused without the option, at %s', async (_p, place) => {
    const { application, url } = await start({});
    const token = await mint(place.aud, prover.thumbprint);
    const proof = await prover.prove(place.method, place.publicUrl, token);
    const scheme = await place.send(url, dpop(token, proof));
    const bound = await place.send(url, bearer(token));
    await application.close();
    expect([scheme.status, scheme.json.error]).toEqual([
      400,
      'invalid_request',
    ]);
    expect(scheme.challenge).toMatch(/^Bearer error="invalid_request"/);
    expect([bound.status, bound.json.error]).toEqual([401, 'invalid_token']);
  });

  it('a scope that is missing is still a 403', async () => {
    const { application, url } = await start({ dpop: true });
    const mcp = await mint(MCP, prover.thumbprint);
    const tool = await watch.post(`${url}/mcp`, toolCall('write'), {
      host: 'mcp.example.com',
      ...dpop(mcp, await prover.prove('POST', MCP, mcp)),
    });
    const area = await mint(AREA, prover.thumbprint);
    const proof = await prover.prove('GET', `${AREA}/scoped`, area);
    const route = await watch.send(`${url}/area/scoped`, {
      headers: dpop(area, proof),
    });
    await application.close();
    expect([tool.status, route.status]).toEqual([403, 403]);
  });
});
