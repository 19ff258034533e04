import { declareHandler } from './handler-declaration.js';

/**
 * Makes a method tell which resources a template of the same class has. It
 * returns a list of `{ uri, name?, title?, description?, mimeType?, size? }`,
 * and needs the scopes of the template.
 *
 * @param template the method with the `@McpResource()` template
 * @example
 * ```ts
 * @McpResourceList('readNote')
 * async listNotes(principal: Principal) {
 *   const notes = await this.notes.of(principal.subject);
 *   return notes.map(({ id, title }) => ({ uri: `notes://${id}`, title }));
 * }
 * ```
 * @throws McpDefinitionError on anything but a method of an instance
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#listing-resources
 * @publicApi
 */
export const McpResourceList = (template: string): MethodDecorator =>
  declareHandler('McpResourceList', {
    kind: 'resource_list',
    target: template,
  });
