import { Injectable } from '@nestjs/common';
import { McpServers, McpTool } from 'nestjs-keycard';

/** Tools that change what the server has. */
@Injectable()
export class ChangingTools {
  constructor(private readonly servers: McpServers) {}

  @McpTool({ description: 'Adds a tool, and takes it away again' })
  async testTriggerToolChange() {
    const tool = await this.servers.get().addTool({
      name: 'passing_tool',
      description: 'Is here for a moment',
      handler: () => 'Still here.',
    });
    tool.remove();
    return 'The tools have changed twice.';
  }

  @McpTool({ description: 'Adds a prompt, and takes it away again' })
  async testTriggerPromptChange() {
    const prompt = await this.servers.get().addPrompt({
      name: 'passing_prompt',
      description: 'Is here for a moment',
      handler: () => 'Still here.',
    });
    prompt.remove();
    return 'The prompts have changed twice.';
  }
}
