/** A server answered something else: its speed would say nothing. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';

  constructor(status: number, body: Buffer) {
    super(`${status} ${body.toString()}`);
  }
}
