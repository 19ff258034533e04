import type * as ClassTransformer from 'class-transformer';
import type { MetadataStorage as TransformStorage } from 'class-transformer/types/MetadataStorage.js';
import type * as ClassValidator from 'class-validator';
import type * as ClassValidatorJsonSchema from 'class-validator-jsonschema';
import { SchemaDefinitionError } from './schema-definition.error.js';
import { DefinitionMessages } from './schema.messages.js';

/** The optional packages behind a class as schema. */
export interface ClassPeers {
  readonly validator: typeof ClassValidator;
  readonly transformer: typeof ClassTransformer;
  readonly describer: typeof ClassValidatorJsonSchema;
  /** What `@Type`, `@Expose` and `@Exclude` of class-transformer recorded. */
  readonly transformStorage: TransformStorage;
}

/** Loads the packages on first use, so that others need not install them. */
export async function loadClassPeers(): Promise<ClassPeers> {
  try {
    const [validator, transformer, describer, storage] = await Promise.all([
      import('class-validator'),
      import('class-transformer'),
      import('class-validator-jsonschema'),
      // @ts-expect-error The package exports its storage only here, untyped.
      import('class-transformer/cjs/storage.js') as Promise<StorageModule>,
    ]);
    const transformStorage = storage.defaultMetadataStorage;
    return { validator, transformer, describer, transformStorage };
  } catch (cause) {
    throw new SchemaDefinitionError(
      'schema_peer_missing',
      DefinitionMessages.peersMissing,
      { cause },
    );
  }
}

interface StorageModule {
  readonly defaultMetadataStorage: TransformStorage;
}
