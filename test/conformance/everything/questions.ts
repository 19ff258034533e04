import { z } from 'zod';

export const Name = z.object({ name: z.string() });

/** What the model of the client is asked. */
export function sampling(text: string) {
  return {
    messages: [
      { role: 'user' as const, content: { type: 'text' as const, text } },
    ],
    maxTokens: 100,
  };
}
