import { describe, expect, it } from 'vitest';
import { Sealer } from '../../lib/replicas/sealer.js';

const SECRET = 'a-secret-of-more-than-32-characters';
const OTHER = 'one-more-secret-of-over-32-characters';
const purpose = 'tests';
const sealer = new Sealer({ secret: SECRET, purpose });
const value = { text: 'nobody reads this', list: [1, null] };

/** Another way to write the last character of a part: its spare bits set. */
function respell(sealed: string): string {
  const alphabet =
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(sealed.at(-1)!);
  return sealed.slice(0, -1) + alphabet[last ^ 1]!;
}

describe('a sealed value', () => {
  it('opens under its context, and is not readable', async () => {
    const sealed = await sealer.seal(value, 'mine');
    expect(await sealer.open(sealed, 'mine')).toEqual(value);
    expect(sealed).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]{22}$/);
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain(
      value.text,
    );
  });

  it.each<[string, (sealed: string) => unknown]>([
    ['a changed tag', (sealed) => `${sealed.slice(0, -2)}AA`],
    ['another spelling of its last bits', respell],
    ['padding', (sealed) => `${sealed}=`],
    ['white space', (sealed) => ` ${sealed}`],
    ['a part more', (sealed) => `${sealed}.`],
    ['a changed header', (sealed) => `f${sealed.slice(1)}`],
    ['half of it', (sealed) => sealed.slice(0, sealed.length / 2)],
    ['nothing', () => ''],
    ['no string', () => ({})],
    ['nothing at all', () => undefined],
  ])('does not open with %s', async (_case, change) => {
    const sealed = await sealer.seal(value, 'mine');
    expect(await sealer.open(change(sealed), 'mine')).toBeUndefined();
  });

  it.each<[string, Sealer, string]>([
    ['another context', sealer, 'yours'],
    ['another secret', new Sealer({ secret: OTHER, purpose }), 'mine'],
    [
      'another purpose',
      new Sealer({ secret: SECRET, purpose: 'others' }),
      'mine',
    ],
    ['a key of another process', new Sealer({ purpose }), 'mine'],
  ])('does not open under %s', async (_case, other, context) => {
    const sealed = await sealer.seal(value, 'mine');
    expect(await other.open(sealed, context)).toBeUndefined();
  });

  it('opens until it expires', async () => {
    let now = 1000;
    const clocked = new Sealer({ secret: SECRET, purpose, now: () => now });
    const sealed = await clocked.seal(value, 'mine', 2000);
    now = 1999;
    expect(await clocked.open(sealed, 'mine')).toEqual(value);
    now = 2000;
    expect(await clocked.open(sealed, 'mine')).toBeUndefined();
  });

  it('opens with any secret of a list, and is sealed with the first', async () => {
    const rotated = new Sealer({ secret: [OTHER, SECRET], purpose });
    const before = await sealer.seal(value, 'mine');
    const after = await rotated.seal(value, 'mine');
    expect(await rotated.open(before, 'mine')).toEqual(value);
    expect(await sealer.open(after, 'mine')).toBeUndefined();
  });

  it.each([['short'], [[]], [[SECRET, 'short']]])(
    'needs a secret that cannot be guessed: %j',
    (secret) => {
      expect(() => new Sealer({ secret, purpose })).toThrow('32 characters');
    },
  );
});
