import { Injectable } from '@nestjs/common';
import type { Principal } from 'nestjs-keycard';

/** What one API saw of one call: whose it was, never the token. */
export interface JournalEntry {
  readonly request: string;
  readonly subject: string;
  readonly clientId: string;
  readonly audience: readonly string[];
  readonly tokenId: unknown;
}

/** The calls the APIs received, for the demo to show. */
@Injectable()
export class CallJournal {
  readonly entries: JournalEntry[] = [];

  record(request: string, principal: Principal): void {
    const { subject, clientId, audience, claims } = principal;
    this.entries.push({
      request,
      subject,
      clientId,
      audience,
      tokenId: claims.jti,
    });
    if (this.entries.length > 1000) this.entries.shift();
  }
}
