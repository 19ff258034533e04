import {
  CreateMessageResultWithToolsSchema,
  ElicitResultSchema,
  ListRootsResultSchema,
  type CreateMessageRequestParams,
  type CreateMessageResultWithTools,
  type ElicitResult,
  type Root,
} from '@modelcontextprotocol/sdk/types.js';
import {
  elicitForm,
  elicitUrl,
  requestRoots,
  requestSampling,
  type InputRequest,
  type InputResponse,
} from './input-request.js';
import { SchemaDefinitionError } from '../schema/schema-definition.error.js';
import { ClientInputError } from './client-input.error.js';
import type {
  FormAnswer,
  FormContent,
  FormElicitation,
  FormSource,
  UrlAnswer,
  UrlElicitation,
} from './elicitation.interface.js';
import { prepareForm } from './form.js';

/** Finds the answer to a question, or asks the client. */
export type Ask = (
  key: string,
  request: InputRequest,
) => Promise<InputResponse>;

/** @throws ClientInputError, SchemaDefinitionError */
export async function askForm<Source extends FormSource>(
  ask: Ask,
  key: string,
  { message, schema }: FormElicitation<Source>,
): Promise<FormAnswer<FormContent<Source>>> {
  const [form, request] = await formOf(key, message, schema);
  const { action, content } = toElicitResult(key, await ask(key, request));
  if (action !== 'accept') return { action };
  const outcome = await form.validate(content);
  if (!outcome.ok) throw ClientInputError.mismatch(key, outcome.issues);
  return { action, content: outcome.value as FormContent<Source> };
}

/** @throws ClientInputError, InsecureUrlError */
export async function askToOpen(
  ask: Ask,
  key: string,
  page: UrlElicitation,
): Promise<UrlAnswer> {
  const answer = await ask(key, elicitUrl(page));
  return { action: toElicitResult(key, answer).action };
}

/** @throws ClientInputError */
export async function askModel(
  ask: Ask,
  key: string,
  params: CreateMessageRequestParams,
): Promise<CreateMessageResultWithTools> {
  const request = requestSampling({ ...params });
  const answer = await ask(key, request);
  const parsed = CreateMessageResultWithToolsSchema.safeParse(answer);
  if (!parsed.success) throw ClientInputError.notAResult(key, request.method);
  return parsed.data;
}

/** @throws ClientInputError */
export async function askRoots(
  ask: Ask,
  key: string,
): Promise<readonly Root[]> {
  const request = requestRoots();
  const answer = await ask(key, request);
  const parsed = ListRootsResultSchema.safeParse(answer);
  if (!parsed.success) throw ClientInputError.notAResult(key, request.method);
  return parsed.data.roots;
}

async function formOf(key: string, message: string, source: FormSource) {
  try {
    const form = await prepareForm(source);
    const schema = form.jsonSchema;
    return [form, elicitForm({ message, schema })] as const;
  } catch (error) {
    throw error instanceof SchemaDefinitionError
      ? error.ownedBy(`The form ${JSON.stringify(key)}`)
      : error;
  }
}

function toElicitResult(key: string, answer: InputResponse): ElicitResult {
  const parsed = ElicitResultSchema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw ClientInputError.notAResult(key, 'elicitation/create');
}
