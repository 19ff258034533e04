/** Somebody who acts for somebody else. */
export interface AuditActor {
  readonly subject?: string;
  readonly clientId?: string;
  readonly issuer?: string;
}

/** Longer chains are cut: a token may nest as deep as it likes. */
const MAX_ACTORS = 8;

/**
 * The actors in an `act` claim, the current one first. `undefined` when nobody
 * acts for the subject.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.1
 */
export function actorsOf(act: unknown): readonly AuditActor[] | undefined {
  const actors: AuditActor[] = [];
  let claim = act;
  while (isObject(claim) && actors.length < MAX_ACTORS) {
    actors.push({
      subject: text(claim.sub),
      clientId: text(claim.client_id),
      issuer: text(claim.iss),
    });
    claim = claim.act;
  }
  return actors.length > 0 ? actors : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
