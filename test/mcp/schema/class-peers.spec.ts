import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createInputSchema } from '../../../lib/mcp/schema/input-schema.factory.js';

vi.mock('class-validator-jsonschema', () => {
  throw new Error('Cannot find package');
});

class Anything {
  a: string;
}

it('names the packages to install, only when a class is used', async () => {
  await expect(
    createInputSchema(z.object({ a: z.string() })),
  ).resolves.toBeDefined();
  await expect(createInputSchema(Anything)).rejects.toMatchObject({
    code: 'schema_peer_missing',
    message: expect.stringMatching(
      /npm install class-validator class-transformer class-validator-jsonschema$/,
    ) as string,
  });
});
