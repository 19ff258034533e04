import { Body, Controller, Get, Post } from '@nestjs/common';
import { Principal, Protected } from 'nestjs-keycard';

/** The API: notes per user. Which user, the token says. */
@Controller('notes')
export class NotesController {
  private readonly notes = new Map<string, string[]>();

  @Get()
  @Protected()
  list(principal: Principal) {
    return { notes: this.notesOf(principal) };
  }

  @Post()
  @Protected()
  add(principal: Principal, @Body() { text }: { text: string }) {
    this.notesOf(principal).push(text);
    return { notes: this.notesOf(principal) };
  }

  private notesOf({ subject }: Principal): string[] {
    let notes = this.notes.get(subject);
    if (!notes) {
      notes = [`Welcome, ${subject}`];
      this.notes.set(subject, notes);
    }
    return notes;
  }
}
