/** Resources whose changes the client of a session wants to hear of. */
export class ResourceSubscriptions {
  private readonly uris = new Set<string>();

  /** @param limit resources at once */
  constructor(readonly limit: number) {}

  has(uri: string): boolean {
    return this.uris.has(uri);
  }

  /** Whether one more can be added. */
  admits(uri: string): boolean {
    return this.uris.has(uri) || this.uris.size < this.limit;
  }

  /** `false`: there are too many already. */
  add(uri: string): boolean {
    if (!this.admits(uri)) return false;
    this.uris.add(uri);
    return true;
  }

  delete(uri: string): void {
    this.uris.delete(uri);
  }
}
