/**
 * A token was asked for in a way that cannot be answered: nobody to ask for, no
 * resource, two authorities at once. Nothing was sent. The message is constant.
 *
 * @publicApi
 */
export class ExchangeInputError extends TypeError {
  override readonly name = 'ExchangeInputError';
  readonly code = 'ERR_EXCHANGE_INPUT';
}
