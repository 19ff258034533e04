/** Stable codes of a {@link SchemaDefinitionError}. */
export type SchemaDefinitionErrorCode =
  | 'schema_source_unsupported'
  | 'schema_root_not_object'
  | 'schema_description_unavailable'
  | 'schema_not_representable'
  | 'schema_document_invalid'
  | 'schema_remote_reference'
  | 'schema_peer_missing'
  | 'schema_class_unusable'
  | 'schema_property_unusable'
  | 'schema_form_unsupported';

/**
 * A schema that cannot work, found while the application boots. The message
 * says whose schema it is and what to do.
 *
 * @publicApi
 */
export class SchemaDefinitionError extends Error {
  override readonly name = 'SchemaDefinitionError';

  constructor(
    readonly code: SchemaDefinitionErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The same error, with the name of the schema's owner in front. */
  ownedBy(owner: string): SchemaDefinitionError {
    return new SchemaDefinitionError(this.code, `${owner}: ${this.message}`, {
      cause: this.cause,
    });
  }
}
