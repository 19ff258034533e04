import type { TokenScheme } from '../verification/dpop/token-binding.js';
import type { Challenge } from './challenge.js';
import type { ProofOfPossession } from './proof-of-possession.js';

/**
 * One challenge for each scheme a resource accepts. Only that of the scheme
 * which was used says what went wrong.
 *
 * @param used scheme of the request; none without credentials
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7.1
 */
export function challengesOf(
  { scopes, metadataUrl, ...failure }: Challenge,
  possession: ProofOfPossession | undefined,
  used?: TokenScheme,
): readonly Challenge[] {
  const hint = { scopes, metadataUrl };
  const bearer = { ...hint, ...(used === 'bearer' && failure) };
  if (!possession) return [bearer];
  const dpop: Challenge = {
    ...hint,
    ...(used === 'dpop' && failure),
    scheme: 'DPoP',
    algorithms: possession.algorithms,
  };
  return possession.isRequired ? [dpop] : [bearer, dpop];
}
