import type { AbstractHttpAdapter } from '@nestjs/core';
import type { McpOptions } from 'nestjs-keycard';
import { NotePrompts, NoteResources } from '../../support/notes.fixture.js';
import { NotesWorld } from '../../support/notes.world.js';
import { MatrixTools } from './matrix.tools.js';

/** Small enough that every list has several pages. */
export const PAGE_SIZE = 3;

/** The application that all clients are tried with. */
export function startMatrixWorld(
  adapter: AbstractHttpAdapter,
  mcp: McpOptions = {},
): Promise<NotesWorld> {
  return NotesWorld.start(adapter, { mcp: { pageSize: PAGE_SIZE, ...mcp } }, [
    MatrixTools,
    NoteResources,
    NotePrompts,
  ]);
}
