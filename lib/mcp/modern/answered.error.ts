/**
 * The HTTP request was answered in another way than by the package. Ends what
 * the package does for it; nobody sees it.
 */
export class AnsweredError extends Error {
  override readonly name = 'AnsweredError';
}
