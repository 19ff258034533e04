import type { InputIssue } from '../schema/input-schema.interface.js';

/** Sentences for the client that could not be asked. */
export const InputMessages = {
  sessionRequired:
    'The call needs input from its client, which cannot be asked without a session. Send initialize first and name the session in every request, or use revision 2026-07-28.',
  missingCapabilities: (names: readonly string[]) =>
    `The call needs capabilities the client did not declare: ${names.join(', ')}`,
  refused: (method: string, code: number) =>
    `The client answered ${method} with error ${code}`,
  timedOut: (method: string, milliseconds: number) =>
    `The client did not answer ${method} within ${milliseconds} ms`,
  unreachable: (method: string) =>
    `The client cannot be reached any more and did not answer ${method}`,
  notAResult: (key: string, method: string) =>
    `The answer to ${JSON.stringify(key)} is not a result of ${method}`,
  mismatch: (key: string, issues: readonly InputIssue[]) =>
    `The answer to ${JSON.stringify(key)} does not match what was asked: ${issues
      .map(({ path, message }) =>
        path === '' ? message : `${path}: ${message}`,
      )
      .join('; ')}`,
  notWhileSubscribing:
    'This resource asks whoever reads it, and subscribing reads it: it can only be read',
  tooManyRounds: (rounds: number) =>
    `The call asked for input ${rounds} times and still wants more`,
} as const;

/** Sentences for the developer: each ends with what to do. */
export const InputDefinitionMessages = {
  emptyKey:
    'A question to the client needs a key. Give it a name that is the same in every round.',
  notPossible: (method: string) =>
    `The MCP method ${method} cannot ask its client anything. Only tools/call, prompts/get and resources/read can.`,
  nothingRequired:
    'A call that requires input must ask for something, or hand over a state.',
  notAnObject:
    'A form is an object. Give it a schema with "type": "object" and "properties".',
  notFlat: (keyword: string) =>
    `A form has properties and nothing else. Leave ${keyword} out of its schema.`,
  notAField: (property: string) =>
    `A form cannot have the property ${JSON.stringify(property)}. Make it a string, a number, an integer, a boolean, an enum of strings or an array of such an enum, without references and combinations, or ask for it in another way.`,
  secret: (property: string) =>
    `A form must not ask for a secret such as ${JSON.stringify(property)}: the client and its model see the answer. Ask for it on a page of yours, with elicitUrl().`,
} as const;
