import { it } from 'vitest';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { describeWithChromium } from '../support/chromium.js';
const MCP='http://localhost:39101/mcp', CAL='https://calendar.example.test/v1';
describeWithChromium('look', (open) => {
  it.each(['light','dark'] as const)('%s', async (colorScheme) => {
    const zone = await LocalZone.create()
      .user({ id: 'usr_ada', name: 'Ada Lovelace' })
      .user({ id: 'usr_bob', name: '<b>Bob</b> "O\'Neil"' })
      .user({ id: 'usr_eve', name: 'Eve', password: 'x' })
      .resource(MCP, { name: 'Assistant', scopes: ['mcp:tools','calendar:write'], ownedBy: 'a' })
      .resource(CAL, { name: 'Calendar', scopes: ['events:read'], userConnected: true })
      .application('a', { name: 'Assistant', clients: [{clientId:'a',clientSecret:'bbbbbbbbbbbbb'}], dependsOn: [CAL], redirectUris: ['http://127.0.0.1:5555/callback'] })
      .start();
    const { page, errors } = await open({ colorScheme, viewport: { width: 900, height: 760 } });
    const dir = '/tmp/shots'; let n = 0;
    const shot = async (name: string) => { n++; await page.waitForTimeout(250); for (let k=0;k<6;k++) { try { await page.screenshot({ path: `${dir}/${colorScheme}-${n}-${name}.png` }); return; } catch { await page.waitForTimeout(300); } } };
    const url = new URL(zone.authorizationEndpoint);
    url.search = new URLSearchParams({ client_id: 'a', response_type: 'code', redirect_uri: 'http://127.0.0.1:5555/callback', resource: MCP, scope: 'mcp:tools calendar:write', code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' }).toString();
    await page.goto(url.href); await shot('login');
    await page.fill('input[type=password]', 'wrong'); await page.getByRole('button',{name:'Continue as Eve'}).click(); await shot('wrong');
    await page.keyboard.press('Tab'); await shot('focus');
    await page.getByRole('button',{name:'Continue as Ada'}).click(); await shot('consent');
    await page.goto(zone.connectUrl({application:'a',resource:CAL,user:'usr_bob',returnTo:'http://localhost:3/x'})); await shot('connect-wrong');
    await page.getByRole('button',{name:'Cancel'}).click(); await shot('done-not');
    await page.goto(zone.connectUrl({application:'a',resource:CAL,user:'usr_ada',returnTo:'http://localhost:3/x'})); await shot('connect');
    await page.getByRole('button',{name:'Allow'}).click(); await shot('done');
    await page.goto(zone.issuer + '/connect?application=zz'); await shot('noconnect');
    await page.goto(url.href.replace('client_id=a','client_id=zzz')); await shot('error');
    await page.goto(zone.issuer + '/interaction/abcdef'); await shot('expired');
    await page.goto(zone.issuer + '/nothing-here'); await shot('404');
    console.log(errors, zone.calls.map(c=>`${c.method} ${c.path} ${c.status}`));
    await zone.stop();
  });
});
