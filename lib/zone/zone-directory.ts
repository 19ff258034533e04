import { assertZoneId, assertZoneRoot, findZoneIssuer } from './zone-url.js';

/** One zone: the authorization server that vouches for callers. */
export interface Zone {
  /** Only in multi-zone applications. */
  readonly id?: string;
  /** Issuer identifier, without a trailing slash. */
  readonly issuer: string;
}

/**
 * The zones an application serves. Single-zone: one zone, whatever is asked.
 * Multi-zone: one zone per id below a root, if it is on the list or there is
 * no list.
 */
export class ZoneDirectory {
  private constructor(
    private readonly single: Zone | undefined,
    private readonly root: string,
    private readonly allowed: ReadonlyMap<string, Zone> | undefined,
  ) {}

  static single(issuer: string): ZoneDirectory {
    return new ZoneDirectory({ issuer }, issuer, undefined);
  }

  /**
   * @param allowed zones by id; without it every well-formed id is served
   * @throws ZoneConfigurationError when there can be no zones below the root
   */
  static multiple(root: string, allowed?: readonly Zone[]): ZoneDirectory {
    if (!allowed) assertZoneRoot(root);
    const zones = allowed?.map(
      (zone) => [assertZoneId(zone.id), zone] as const,
    );
    return new ZoneDirectory(undefined, root, zones && new Map(zones));
  }

  get isMultiZone(): boolean {
    return this.single === undefined;
  }

  /** Issuer of the only zone, or the root the zones are below. */
  get issuer(): string {
    return this.root;
  }

  /** The zones known in advance: what can be checked before the first request. */
  get known(): readonly Zone[] {
    if (this.single) return [this.single];
    return [...(this.allowed?.values() ?? [])];
  }

  /** `undefined` for anything that is not a zone of this application. */
  find(zoneId: string | undefined): Zone | undefined {
    if (this.single) return this.single;
    if (this.allowed) return this.allowed.get(zoneId ?? '');
    const issuer = findZoneIssuer(this.root, zoneId);
    return issuer === undefined ? undefined : { id: zoneId, issuer };
  }
}
