import { Injectable, NotFoundException } from '@nestjs/common';
import { IsIn, IsOptional, IsString } from 'class-validator';
import {
  InsufficientScopeException,
  McpCompletion,
  McpContext,
  McpPrompt,
  McpResource,
  McpResourceList,
  Principal,
  RequireScopes,
  ResourceUri,
  type CompletionQuery,
} from 'nestjs-keycard';
import { z } from 'zod';

const NOTES: Readonly<Record<string, readonly string[]>> = {
  usr_ada: ['a/1', 'b 2'],
  usr_bob: ['c'],
};

export const LANGUAGES = Array.from({ length: 150 }, (_, n) => `lang_${n}`);

/** Resources of every kind, some of which not everybody may read. */
@Injectable()
export class NoteResources {
  @McpResource({
    uri: 'notes://index',
    title: 'All notes',
    description: 'Names of the notes',
    icons: [{ src: 'https://icons.example.test/note.png' }],
    annotations: { audience: ['user'], priority: 0.5 },
    _meta: { 'example.test/kind': 'index' },
    timeToLive: 5000,
  })
  index({ subject }: Principal) {
    return { names: NOTES[subject] };
  }

  @McpResource({ uri: 'notes://logo', mimeType: 'image/png', size: 3 })
  logo() {
    return new Uint8Array([1, 2, 255]);
  }

  @McpResource({
    uri: 'notes://{name}',
    mimeType: 'text/markdown',
    description: 'One note',
  })
  note({ name }: { name: string }, principal: Principal) {
    if (name === 'gone') throw new NotFoundException('nothing');
    return NOTES[principal.subject]?.includes(name)
      ? `note ${name}`
      : undefined;
  }

  @McpResourceList('note')
  notes({ subject }: Principal) {
    return NOTES[subject]!.map((name) => ({
      uri: `notes://${encodeURIComponent(name)}`,
      title: name,
    }));
  }

  @McpCompletion('note', 'name')
  completeNote({ value }: CompletionQuery, { subject }: Principal) {
    return NOTES[subject]!.filter((name) => name.startsWith(value));
  }

  @McpResource({ uri: 'notes://secret', scopes: 'admin' })
  secret() {
    return 'only for administrators';
  }

  @RequireScopes('admin')
  @McpResource('vault://{name}')
  vault({ name }: { name: string }) {
    return name;
  }

  @McpResourceList('vault')
  vaults() {
    return [{ uri: 'vault://gold' }];
  }

  @McpResource({
    uri: 'files://{+path}',
    input: z.object({ path: z.string().max(8) }),
  })
  file({ path }: { path: string }, @ResourceUri() uri: string) {
    return [path, uri];
  }

  @McpResource('depends://{on}')
  depends({ on }: { on: string }, context: McpContext) {
    if (on === 'stream') void context.progress(1);
    throw new InsufficientScopeException(['admin']);
  }

  @McpResource('broken://{how}')
  broken({ how }: { how: string }) {
    if (how === 'empty') return { contents: [] };
    if (how === 'contents') return { contents: [{ text: 'no uri' }] };
    if (how === 'cycle') {
      const cycle: Record<string, unknown> = {};
      cycle['self'] = cycle;
      return cycle;
    }
    throw new Error('secret-of-the-database');
  }
}

class LetterDto {
  @IsString()
  to!: string;

  @IsOptional()
  @IsIn(['warm', 'cold'])
  tone?: string;
}

/** Prompts of every kind, some of which not everybody may use. */
@Injectable()
export class NotePrompts {
  @McpPrompt({
    title: 'A letter',
    description: 'Writes a letter',
    icons: [{ src: 'https://icons.example.test/letter.png' }],
  })
  writeLetter({ to, tone = 'warm' }: LetterDto, { subject }: Principal) {
    return `A ${tone} letter of ${subject} to ${to}`;
  }

  @McpPrompt({
    name: 'translate',
    input: z.object({
      text: z.string().describe('What to translate'),
      language: z.string().meta({ title: 'Language' }),
      times: z.coerce.number().default(1),
    }),
  })
  translate(input: { text: string; language: string; times: number }) {
    return {
      description: 'Of this call',
      messages: [
        {
          role: 'user',
          content: { type: 'text', text: JSON.stringify(input) },
        },
        { role: 'assistant', content: { type: 'text', text: 'Oui' } },
      ],
    };
  }

  @McpCompletion('translate', 'language')
  languages({ value, arguments: given }: CompletionQuery) {
    return given['text'] === 'none'
      ? []
      : LANGUAGES.filter((language) => language.startsWith(value));
  }

  @McpPrompt({
    scopes: 'admin',
    input: z.object({ level: z.enum(['a', 'b']) }),
  })
  reset({ level }: { level: string }) {
    return { type: 'text', text: level };
  }

  @McpPrompt()
  broken() {
    return 42;
  }
}
