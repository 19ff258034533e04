/** Sentences for the developer: each ends with what to do. */
export const DefinitionMessages = {
  unsupportedSource:
    'The schema is neither a Standard Schema (Zod, Valibot, ArkType), nor a class, nor a JSON Schema object. Pass one of these.',

  rootNotObject:
    'The root of the schema must have "type": "object". Wrap the schema in an object.',

  recordOfSchemas:
    'The schema is a record of schemas, not a schema. Wrap it in an object schema, such as z.object({ ... }).',

  noDescription: (vendor: string) =>
    vendor === 'valibot'
      ? 'Valibot does not describe itself as JSON Schema. Wrap the schema with toStandardJsonSchema() of @valibot/to-json-schema.'
      : `The schema (of ${vendor}) does not describe itself as JSON Schema. Use a version of ${vendor} that implements Standard JSON Schema, or pass a JSON Schema object.`,

  zodTooOld:
    'The schema cannot be described by the installed version of zod. Install zod 4.2 or later.',

  notRepresentable: (vendor: string, reason: string) =>
    `The schema (of ${vendor}) cannot be written as JSON Schema: ${reason}. Use types that JSON has, such as a string with a date-time format for a date, and move transforms into the handler.`,

  invalidDocument: (reason: string) =>
    `The JSON Schema is not valid in dialect 2020-12: ${reason}. Correct the schema.`,

  dialect: (dialect: string) =>
    `The JSON Schema is in dialect ${dialect}. Write it in dialect 2020-12.`,

  asynchronous:
    'The JSON Schema has the keyword $async, which is not part of JSON Schema. Remove it.',

  remoteReference: (reference: string) =>
    `The JSON Schema refers to ${reference}, which is not inside the document. Move the definition into $defs.`,

  peersMissing:
    'A class as schema needs optional packages that could not be loaded. Run: npm install class-validator class-transformer class-validator-jsonschema',

  classUnnamed:
    'A class without a name cannot be used as a schema. Give the class a name.',

  classNotDecorated: (name: string) =>
    `The class ${name} has no class-validator decorators. Decorate its properties.`,

  classNotConstructible: (name: string) =>
    `The class ${name} cannot be constructed without arguments. Give it a constructor that needs none.`,

  propertyNotDecorated: (name: string, property: string) =>
    `The property ${name}.${property} has no class-validator decorator, so every call would be refused. Decorate it, for example with @Allow().`,

  nestedTypeMissing: (name: string, property: string) =>
    `The nested property ${name}.${property} has no type to validate it with. Add @Type(() => TheClass) of class-transformer.`,

  discriminator: (name: string, property: string) =>
    `The property ${name}.${property} has a discriminator, which a class cannot describe as JSON Schema. Use a schema object with a union instead.`,

  dateTypeMissing: (name: string, property: string) =>
    `The property ${name}.${property} is a date, but JSON has only strings. Add @Type(() => Date) of class-transformer.`,
} as const;

/** Sentences for the caller, as the second half of `path: message`. */
export const IssueMessages = {
  objectExpected: 'must be an object',
  arrayExpected: 'must be an array',
  required: 'is required',
  notAllowed: 'is not allowed',
  tooDeep: (levels: number) =>
    `must not be nested deeper than ${levels} levels`,
  forbiddenKey: (key: string) => `must not have a property named "${key}"`,
  allowedValues: (values: string) => `must be one of: ${values}`,
  notConvertible: 'has a value of the wrong type',
  notJson: 'cannot be written as JSON',
  heading: 'Invalid arguments',
} as const;
