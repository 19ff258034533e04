import { randomUUID } from 'node:crypto';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { ConsentRequiredError } from '../../delegation/consent/consent-required.error.js';
import type { ConsentLink } from '../../delegation/consent/consent.interface.js';
import type { McpCall, McpCallKind } from '../catalog/entry.interface.js';
import type { McpContext } from '../context/mcp-context.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { CONSENT_DECLINED, CONSENT_LINKS } from '../mcp.messages.js';
import { elicitUrl } from '../input/input-request.js';

/** The error that asks a client of the 2025 era to open a page. */
const URL_ELICITATION_REQUIRED = -32042;

const keyOf = (index: number) => `consent_${index}`;

/** Calls whose client can be asked something before they are answered. */
const ASKING: readonly McpCallKind[] = ['tool', 'resource', 'prompt'];

/**
 * Asks the caller for the grants a tool needs, in the way its client can be
 * asked: to open a page, as its revision of the protocol has it, or by telling
 * the model where the page is.
 *
 * @throws JsonRpcError, InputRequiredError when the client opens pages
 * @see https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation
 */
export function consentAnswer(
  call: Pick<McpCall, 'kind' | 'context'>,
  error: ConsentRequiredError,
): CallToolResult {
  const { text, structuredContent } = readableConsent(call, error);
  return {
    isError: true,
    content: [{ type: 'text', text }],
    structuredContent,
  };
}

/**
 * The same for what has no result to tell of it: an error that does.
 *
 * @throws JsonRpcError, InputRequiredError when the client opens pages
 */
export function consentError(
  call: Pick<McpCall, 'kind' | 'context'>,
  error: ConsentRequiredError,
): JsonRpcError {
  const { text, structuredContent } = readableConsent(call, error);
  return new JsonRpcError(
    JsonRpcErrorCode.InternalError,
    text,
    structuredContent,
  );
}

function readableConsent(
  { kind, context }: Pick<McpCall, 'kind' | 'context'>,
  { links, message }: ConsentRequiredError,
) {
  if (hasDeclined(context, links)) {
    return readable(CONSENT_DECLINED(message), links);
  }
  if (ASKING.includes(kind) && opensPages(context)) {
    askForPages(context, links, message);
  }
  return readable(CONSENT_LINKS(message, links), links);
}

function askForPages(
  context: McpContext,
  links: readonly ConsentLink[],
  message: string,
): never {
  if (context.era === 'modern') {
    const requests = links.map((link, index) => [
      keyOf(index),
      elicitUrl(link),
    ]);
    return context.requireInput({
      requests: Object.fromEntries(requests),
      // Sealed, and bound to this caller and call: answers of others are refused.
      // What the handler handed over before is its own, and goes on.
      state: context.requestState() ?? {
        consent: links.map(({ resource }) => resource),
      },
    });
  }
  throw new JsonRpcError(URL_ELICITATION_REQUIRED, message, {
    elicitations: links.map(({ url, message: text }) => ({
      mode: 'url',
      elicitationId: randomUUID(),
      url,
      message: text,
    })),
  });
}

/** In the last round the user was asked, and said no. */
function hasDeclined(
  { inputResponses }: McpContext,
  links: readonly ConsentLink[],
): boolean {
  return links.some((_link, index) => {
    const answer = inputResponses[keyOf(index)];
    return answer !== undefined && answer.action !== 'accept';
  });
}

function opensPages(context: McpContext): boolean {
  return context.clientCapabilities?.elicitation?.url !== undefined;
}

function readable(text: string, links: readonly ConsentLink[]) {
  return {
    text,
    structuredContent: {
      error: 'authorization_required',
      resources: links.map(({ resource, url }) => ({
        resource,
        authorization_url: url,
      })),
    },
  };
}
