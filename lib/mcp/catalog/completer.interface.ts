import type { McpHandler } from './entry.interface.js';

/** Values to choose from, or the method that suggests them. */
export type Completer = readonly string[] | McpHandler;

/** What can be completed: by the names of arguments or variables. */
export type Completions = ReadonlyMap<string, Completer>;
