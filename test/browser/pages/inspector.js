// What a browser-based MCP client does, with nothing but fetch: every request
// to the MCP server and to the zone is one of another origin.

const PROTOCOL_VERSION = '2025-11-25';
const REDIRECT_URI = `${location.origin}/callback`;

/** Survives the trip to the zone's pages. */
const memory = {
  get: () => JSON.parse(sessionStorage.getItem('memory') ?? '{"steps":[]}'),
  set: (changes) =>
    sessionStorage.setItem(
      'memory',
      JSON.stringify({ ...memory.get(), ...changes }),
    ),
};

function report(step, facts) {
  memory.set({ steps: [...memory.get().steps, { step, ...facts }] });
  show();
}

function show() {
  const items = memory.get().steps.map((step) => {
    const item = document.createElement('li');
    item.textContent = JSON.stringify(step);
    return item;
  });
  document.querySelector('#steps').replaceChildren(...items);
}

function finish(outcome) {
  const output = document.querySelector('#outcome');
  output.textContent = outcome;
  output.dataset.done = 'true';
}

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

async function challengeOf(verifier) {
  const bytes = new TextEncoder().encode(verifier);
  return base64url(await crypto.subtle.digest('SHA-256', bytes));
}

/** Asks for a document as the SDK of the Inspector does: with its version. */
async function fetchDocument(url) {
  const response = await fetch(url, {
    headers: { 'mcp-protocol-version': PROTOCOL_VERSION },
  });
  return response.json();
}

/** The last message of an answer, be it JSON or a stream of events. */
async function messageOf(response) {
  const text = await response.text();
  if (!response.headers.get('content-type')?.includes('text/event-stream')) {
    return text && JSON.parse(text);
  }
  const data = text.split('\n').filter((line) => line.startsWith('data: {'));
  return JSON.parse(data.at(-1).slice('data: '.length));
}

let lastId = 0;

async function send(method, params, headers = {}) {
  const { server, token, session } = memory.get();
  const isNotification = method.startsWith('notifications/');
  const response = await fetch(server, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(session && {
        'mcp-session-id': session,
        'mcp-protocol-version': PROTOCOL_VERSION,
      }),
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      ...(isNotification ? {} : { id: ++lastId }),
      method,
      params,
    }),
  });
  return { response, message: await messageOf(response) };
}

const initialize = () =>
  send('initialize', {
    protocolVersion: PROTOCOL_VERSION,
    capabilities: {},
    clientInfo: { name: 'page', version: '1.0.0' },
  });

/** From a refusal to the zone's login page. */
async function connect() {
  const server = new URLSearchParams(location.search).get('server');
  memory.set({ server, steps: [] });
  const { response, message } = await initialize();
  const challenge = response.headers.get('www-authenticate');
  report('refused', { status: response.status, challenge, message });

  const resource = await fetchDocument(
    /resource_metadata="([^"]+)"/.exec(challenge)[1],
  );
  report('resource', { resource });

  const [issuer] = resource.authorization_servers;
  const zone = await fetchDocument(
    `${issuer}/.well-known/oauth-authorization-server`,
  );
  report('zone', { issuer: zone.issuer });

  const registration = await fetch(zone.registration_endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Inspector <i>page</i>',
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: 'none',
    }),
  });
  const { client_id: clientId } = await registration.json();
  report('registered', { status: registration.status, clientId });

  const [verifier, state] = [random(), random()];
  memory.set({
    clientId,
    verifier,
    state,
    tokenEndpoint: zone.token_endpoint,
    resource: resource.resource,
  });
  const url = new URL(zone.authorization_endpoint);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    resource: resource.resource,
    scope: resource.scopes_supported.join(' '),
    state,
    code_challenge: await challengeOf(verifier),
    code_challenge_method: 'S256',
  }).toString();
  location.assign(url);
}

/** From the callback to the result of a tool. */
async function resume() {
  const answer = new URLSearchParams(location.search);
  const { state, clientId, verifier, tokenEndpoint, resource } = memory.get();
  report('returned', {
    stateMatches: answer.get('state') === state,
    issuer: answer.get('iss'),
    error: answer.get('error'),
  });
  if (!answer.has('code')) {
    finish(answer.get('error'));
    return;
  }
  const exchange = await fetch(tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: answer.get('code'),
      code_verifier: verifier,
      client_id: clientId,
      redirect_uri: REDIRECT_URI,
      resource,
    }),
  });
  const { access_token: token, token_type: type } = await exchange.json();
  report('token', { status: exchange.status, type });
  memory.set({ token });

  const started = await initialize();
  const session = started.response.headers.get('mcp-session-id');
  const { serverInfo } = started.message.result;
  report('initialized', {
    status: started.response.status,
    hasSession: Boolean(session),
    name: serverInfo.name,
  });
  memory.set({ session });
  const { response } = await send('notifications/initialized');
  report('notified', { status: response.status });
  await use();
  await end();
}

async function use() {
  const { message: list } = await send('tools/list');
  report('listed', { tools: list.result.tools.map(({ name }) => name) });
  const call = await send(
    'tools/call',
    { name: 'list_events', arguments: { max: 3 } },
    {
      'mcp-method': 'tools/call',
      'mcp-name': 'list_events',
      'Mcp-Param-X': '3',
      'last-event-id': '0',
    },
  );
  report('called', { status: call.response.status });
  finish(JSON.stringify(call.message.result.structuredContent));
}

/** Deletes the session, and sees that it is gone. */
async function end() {
  const { server, token, session } = memory.get();
  const deleted = await fetch(server, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${token}`, 'mcp-session-id': session },
  });
  const { response } = await send('tools/list');
  report('ended', { deleted: deleted.status, afterwards: response.status });
}

const failed = (error) => finish(`failed: ${error.stack}`);

document
  .querySelector('#connect')
  .addEventListener('click', () => connect().catch(failed));
show();
if (location.pathname === '/callback') resume().catch(failed);
