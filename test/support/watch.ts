import { expect } from 'vitest';
import { RecordingLogger } from './boot.js';
import { rawRequest, type RawAnswer, type RawRequest } from './raw-request.js';

/** What came back, with its body parsed where it is JSON. */
export interface WatchedAnswer extends RawAnswer {
  readonly json: any;
  /** The `WWW-Authenticate` header. */
  readonly challenge: string | undefined;
}

/** Remembers all that an application said, to look for what must not be in it. */
export class Watch {
  readonly logger = new RecordingLogger();
  private readonly answers: string[] = [];
  private readonly secrets = new Set<string>();

  /** Something that must never be repeated. */
  keep<T extends string>(secret: T): T {
    this.secrets.add(secret);
    const signature = secret.split('.')[2];
    if (signature) this.secrets.add(signature);
    return secret;
  }

  async send(url: string, request: RawRequest = {}): Promise<WatchedAnswer> {
    const answer = await rawRequest(url, { method: 'GET', ...request });
    this.answers.push(JSON.stringify([answer.headers, answer.text]));
    const { 'www-authenticate': challenge } = answer.headers;
    return { ...answer, json: parse(answer.text), challenge };
  }

  /** A JSON-RPC message to an MCP endpoint. */
  post(
    url: string,
    message: unknown,
    headers: Record<string, string | string[]> = {},
  ): Promise<WatchedAnswer> {
    return this.send(url, {
      method: 'POST',
      body: JSON.stringify(message),
      headers: {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...headers,
      },
    });
  }

  /** Fails when a secret, or a stack, is in an answer or in the log. */
  expectNoLeak(): void {
    const seen = [...this.answers, this.logger.text].join('\n');
    expect(this.answers.length).toBeGreaterThan(0);
    for (const secret of this.secrets) {
      expect(seen.includes(secret), `${secret} was repeated`).toBe(false);
    }
    const [stack] = /.*(node_modules|\.ts:\d+|\n\s+at ).*/.exec(seen) ?? [];
    expect(stack, 'a stack was shown').toBeUndefined();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
