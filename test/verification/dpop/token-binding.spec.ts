import { describe, expect, it } from 'vitest';
import {
  checkTokenBinding,
  thumbprintOf,
  type TokenScheme,
} from '../../../lib/verification/dpop/token-binding.js';

const JKT = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';

describe('thumbprintOf', () => {
  it('finds no binding in a token without confirmation', () => {
    expect(thumbprintOf({ sub: 'ada' })).toBeUndefined();
  });

  it('finds the thumbprint', () => {
    expect(thumbprintOf({ cnf: { jkt: JKT } })).toBe(JKT);
  });

  it.each([
    ['an empty confirmation', {}],
    ['a confirmation of another kind', { 'x5t#S256': JKT }],
    ['null', null],
    ['a text', JKT],
    ['a list', [{ jkt: JKT }]],
    ['a number as thumbprint', { jkt: 5 }],
    ['null as thumbprint', { jkt: null }],
    ['an empty thumbprint', { jkt: '' }],
    ['a short thumbprint', { jkt: JKT.slice(1) }],
    ['a padded thumbprint', { jkt: `${JKT}=` }],
    ['a list of thumbprints', { jkt: [JKT] }],
  ])('takes %s for a binding to no key', (_name, cnf) => {
    const jkt = thumbprintOf({ cnf });
    expect(jkt).toBe('');
    expect(checkTokenBinding('bearer', jkt)).toBeDefined();
  });
});

describe('checkTokenBinding', () => {
  it.each<[TokenScheme, string | undefined, string | undefined]>([
    ['bearer', undefined, undefined],
    ['bearer', JKT, 'proof_required'],
    ['dpop', JKT, undefined],
    ['dpop', undefined, 'not_bound'],
  ])('%s with binding %s: %s', (scheme, jkt, reason) => {
    expect(checkTokenBinding(scheme, jkt)?.reason).toBe(reason);
  });

  it('names its kind', () => {
    expect(checkTokenBinding('bearer', JKT)).toMatchObject({
      name: 'TokenBindingError',
      code: 'ERR_TOKEN_BINDING',
      message: 'the access token is bound to a key and needs a DPoP proof',
    });
  });
});
