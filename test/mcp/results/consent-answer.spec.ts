import { describe, expect, it } from 'vitest';
import { ConsentRequiredError } from '../../../lib/delegation/consent/consent-required.error.js';
import type { McpContext } from '../../../lib/mcp/context/mcp-context.js';
import type { InputRequirement } from '../../../lib/mcp/input/input-request.js';
import { consentAnswer } from '../../../lib/mcp/results/consent-answer.js';

const LINK = {
  resource: 'https://calendar.example.test',
  url: 'https://zone.example.test/connect',
  message: 'Allow it',
};

/** What a call of the modern era is asked for consent with. */
function requirementOf(state: unknown): InputRequirement {
  let asked: InputRequirement | undefined;
  const context = {
    era: 'modern',
    clientCapabilities: { elicitation: { url: {} } },
    inputResponses: {},
    requestState: () => state,
    requireInput: (requirement: InputRequirement) => {
      asked = requirement;
    },
  };
  consentAnswer(
    { kind: 'tool', context: context as unknown as McpContext },
    new ConsentRequiredError([LINK]),
  );
  return asked!;
}

describe('consent in a call of several rounds', () => {
  it('hands over a state, which binds its answer to the call', () => {
    expect(requirementOf(undefined)).toMatchObject({
      requests: { consent_0: { params: { mode: 'url', url: LINK.url } } },
      state: { consent: [LINK.resource] },
    });
  });

  it('leaves the state of the handler as it is', () => {
    expect(requirementOf({ stage: 2 }).state).toEqual({ stage: 2 });
  });
});
