import { LocalZone } from 'nestjs-keycard/local-zone';

/** A zone for development, with one user and nothing but this server. */
export async function startZone(): Promise<string> {
  const zone = await LocalZone.create()
    .user({ id: 'usr_ada', name: 'Ada Lovelace' })
    .application('hello')
    .resource('http://localhost:8000/mcp', { name: 'Hello', ownedBy: 'hello' })
    .start({ port: Number(process.env.ZONE_PORT ?? 8001) });
  return zone.issuer;
}
