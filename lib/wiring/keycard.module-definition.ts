import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { KeycardModuleOptions } from '../options/keycard-module-options.interface.js';

export const {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN: KEYCARD_MODULE_OPTIONS,
  OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<KeycardModuleOptions>({
  moduleName: 'Keycard',
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createKeycardOptions')
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();
