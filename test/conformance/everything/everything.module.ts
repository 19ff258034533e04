import { Module, type DynamicModule } from '@nestjs/common';
import { KeycardModule, type KeycardModuleOptions } from 'nestjs-keycard';
import { AskingTools } from './asking.tools.js';
import { ChangingTools } from './changing.tools.js';
import { ContentTools } from './content.tools.js';
import { InputRequiredTools } from './input-required.tools.js';
import { ReportingTools } from './reporting.tools.js';
import { SchemaTools } from './schema.tools.js';
import { TestPrompts } from './test.prompts.js';
import { TestResources } from './test.resources.js';

/** An MCP server with everything the suite asks for. */
@Module({})
export class EverythingModule {
  static forRoot(options: KeycardModuleOptions): DynamicModule {
    return {
      module: EverythingModule,
      imports: [KeycardModule.forRoot(options)],
      providers: [
        AskingTools,
        ChangingTools,
        ContentTools,
        InputRequiredTools,
        ReportingTools,
        SchemaTools,
        TestResources,
        TestPrompts,
      ],
    };
  }
}
