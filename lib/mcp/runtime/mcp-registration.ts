/**
 * An entry that was added at run time.
 *
 * @publicApi
 */
export class McpRegistration {
  private isRemoved = false;

  /** @internal */
  constructor(
    /** Name, URI or URI template. */
    readonly key: string,
    private readonly withdraw: () => void,
  ) {}

  /**
   * Takes the entry away. Calls in flight end as if it were still there; later
   * ones find nothing. Repeated, it does nothing.
   */
  remove(): void {
    if (this.isRemoved) return;
    this.isRemoved = true;
    this.withdraw();
  }
}
