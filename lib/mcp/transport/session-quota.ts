/** How many there may be. */
export interface QuotaLimits {
  readonly maxSessions: number;
  readonly maxSessionsPerCaller: number;
}

/** Counts sessions or streams, in all and by caller, so that none can fill the memory. */
export class SessionQuota {
  private total = 0;
  private readonly byIdentity = new Map<string, number>();

  constructor(private readonly limits: QuotaLimits) {}

  /** `false`: there are too many already. */
  take(identity: string): boolean {
    const own = this.byIdentity.get(identity) ?? 0;
    if (this.total >= this.limits.maxSessions) return false;
    if (own >= this.limits.maxSessionsPerCaller) return false;
    this.total += 1;
    this.byIdentity.set(identity, own + 1);
    return true;
  }

  release(identity: string): void {
    const own = this.byIdentity.get(identity) ?? 0;
    this.total -= 1;
    if (own > 1) this.byIdentity.set(identity, own - 1);
    else this.byIdentity.delete(identity);
  }
}
