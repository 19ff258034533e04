import { Injectable } from '@nestjs/common';
import { McpTool, Principal } from 'nestjs-keycard';
import { z } from 'zod';

const Greeting = z.object({
  name: z.string().min(1).max(80).describe('Whom to greet'),
});

@Injectable()
export class HelloTools {
  @McpTool({ description: 'Greets somebody', input: Greeting })
  hello({ name }: z.infer<typeof Greeting>, principal: Principal) {
    return `Hello ${name}, says ${principal.subject}.`;
  }
}
