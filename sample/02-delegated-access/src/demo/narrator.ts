import { isDeepStrictEqual } from 'node:util';

/** Tells the story, and keeps count of what was not as it should be. */
export class Narrator {
  private failures = 0;
  private checks = 0;

  get isHappy(): boolean {
    return this.failures === 0;
  }

  get summary(): string {
    return this.isHappy
      ? `${this.checks} checks, all as they should be`
      : `${this.failures} of ${this.checks} checks FAILED`;
  }

  chapter(title: string): void {
    console.log(`\n== ${title}`);
  }

  tell(text: string): void {
    console.log(`   ${text}`);
  }

  /** States something that must be true. */
  check(claim: string, isTrue: boolean, found?: unknown): void {
    this.checks += 1;
    if (isTrue) {
      console.log(`   ok: ${claim}`);
      return;
    }
    this.failures += 1;
    console.log(`   NOT OK: ${claim}; found ${JSON.stringify(found)}`);
  }

  checkEqual(claim: string, found: unknown, expected: unknown): void {
    this.check(claim, isDeepStrictEqual(found, expected), found);
  }
}
