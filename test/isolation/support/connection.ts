import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** One HTTP answer, as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  /** The body, where it is JSON. */
  readonly json: any;
}

/** A TCP connection on which a test writes whatever it likes. */
export class Connection {
  private received = '';

  private constructor(readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => (this.received += text));
    // A server that hangs up while it is written to is no failure of the test.
    socket.on('error', () => {});
  }

  static async open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** Writes pieces that arrive one by one. */
  async write(...pieces: readonly (string | Buffer)[]): Promise<void> {
    for (const piece of pieces) {
      if (this.socket.destroyed) return;
      await new Promise<void>((resolve) =>
        this.socket.write(piece, () => resolve()),
      );
      await turn();
    }
  }

  /** All answers, once the server has hung up. */
  async answers(): Promise<WireAnswer[]> {
    if (!this.socket.closed) await once(this.socket, 'close');
    return parse(this.received);
  }

  destroy(): void {
    this.socket.destroy();
  }
}

/** Writes on a connection of its own, and gives the one answer. */
export async function exchange(
  url: string,
  ...pieces: readonly (string | Buffer)[]
): Promise<WireAnswer> {
  const connection = await Connection.open(url);
  await connection.write(...pieces);
  const [answer] = await connection.answers();
  return answer!;
}

/** The head of a request to the path of a URL. */
export function head(
  url: string,
  method: string,
  headers: Readonly<Record<string, string | number>>,
): string {
  const { host, pathname } = new URL(url);
  const lines = Object.entries({ host, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `${method} ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** Only answers with a known length, and one without at the end. */
function parse(text: string): WireAnswer[] {
  const answers: WireAnswer[] = [];
  for (let rest = text; rest.startsWith('HTTP/1.1 ');) {
    const end = rest.indexOf('\r\n\r\n');
    const head = rest.slice(0, end);
    const status = Number(head.slice('HTTP/1.1 '.length, 12));
    const declared = /^content-length: (\d+)$/im.exec(head)?.[1];
    const isInformation = status < 200;
    const from = end + 4;
    const size = isInformation ? 0 : Number(declared ?? rest.length);
    const body = rest.slice(from, from + size);
    answers.push({ status, head, body, json: parseJson(body) });
    rest = rest.slice(from + size);
  }
  return answers;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
