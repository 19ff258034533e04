import type { InputRequirement, InputResponse } from './input-request.js';

/** Answers by the keys of their questions. */
export type InputAnswers = Readonly<Record<string, InputResponse>>;

/** What a call knows of the rounds before. */
export interface RoundMemory {
  readonly answers: InputAnswers;
  /** As the handler handed it over. */
  readonly state: unknown;
}

export const NO_MEMORY: RoundMemory = { answers: {}, state: undefined };

/**
 * What is left to know while the client is being asked. A question that is
 * asked again has no answer any more: an old one must not pass for the new.
 */
export function forgetAsked(
  { answers }: RoundMemory,
  { requests = {}, state }: InputRequirement,
): RoundMemory {
  const kept = Object.entries(answers).filter(
    ([key]) => !Object.hasOwn(requests, key),
  );
  return { answers: Object.fromEntries(kept), state };
}

export function remember(
  { answers, state }: RoundMemory,
  more: InputAnswers,
): RoundMemory {
  return { answers: { ...answers, ...more }, state };
}
