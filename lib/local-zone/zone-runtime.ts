import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { CallLog } from './call-log.js';
import { CallScript } from './call-script.js';
import { ConnectController } from './connect.controller.js';
import { registerConnectClient } from './connection.js';
import { endpointsOf } from './endpoints.js';
import { assertEnvironment } from './environment.guard.js';
import { WorkloadFederation } from './federation.js';
import { FrontController } from './front.controller.js';
import { InteractionController } from './interaction.controller.js';
import type { LocalZoneOptions } from './local-zone.options.js';
import { LoopbackListener } from './loopback-listener.js';
import {
  loadOidcProvider,
  type LoadedOidcProvider,
} from './oidc-provider.loader.js';
import { ProviderHost } from './provider-host.js';
import { createSigningKeys, type SigningKeys } from './signing-keys.js';
import type { ZoneContext } from './zone-context.js';
import type { ZoneDeclaration } from './zone-declaration.interface.js';
import { ZoneEventEmitter } from './zone-events.js';
import type { ZoneModel } from './zone-model.js';
import { createZoneModel } from './zone-model.factory.js';
import { ZoneStore } from './zone-store.js';

/** The running parts behind a zone's handle. */
export interface ZoneRuntime {
  readonly context: ZoneContext;
  readonly host: ProviderHost;
  readonly listener: LoopbackListener;
  readonly log: CallLog;
  readonly script: CallScript;
  readonly notices: readonly string[];
}

/** What is known before the port is. */
interface Preparation {
  readonly options: LocalZoneOptions;
  readonly model: ZoneModel;
  readonly keys: SigningKeys;
  readonly engine: LoadedOidcProvider;
}

/** Checks everything, binds the port, then builds the zone: the issuer contains the port. */
export async function startZoneRuntime(
  declaration: ZoneDeclaration,
  options: LocalZoneOptions,
): Promise<ZoneRuntime> {
  assertEnvironment(options);
  const model = createZoneModel(declaration);
  const keys = await createSigningKeys(options);
  const engine = await loadOidcProvider();
  const listener = await LoopbackListener.bind(options.port ?? 0);
  try {
    return assemble({ options, model, keys, engine }, listener);
  } catch (error) {
    await listener.close();
    throw error;
  }
}

function assemble(
  preparation: Preparation,
  listener: LoopbackListener,
): ZoneRuntime {
  const { module, notices } = preparation.engine;
  const context = createContext(preparation, listener.port);
  registerConnectClient(context);
  const host = new ProviderHost(context, module.Provider);
  const log = new CallLog();
  const script = new CallScript();
  const front = new FrontController({
    context,
    host,
    log,
    script,
    federation: new WorkloadFederation(context),
    interactions: new InteractionController(context, host),
    connections: new ConnectController(context),
  });
  listener.serve((request, response) => front.handle(request, response));
  return { context, host, listener, log, script, notices };
}

function createContext(
  { options, model, keys, engine }: Preparation,
  port: number,
): ZoneContext {
  return {
    issuer: `http://localhost:${port}`,
    port,
    endpoints: endpointsOf(options.profile ?? 'keycard'),
    options,
    model,
    store: new ZoneStore(),
    keys,
    events: new ZoneEventEmitter(),
    ledger: new WeakMap(),
    errors: engine.module.errors,
    presentedTokens: new WeakMap<IncomingMessage>(),
    cookieKey: randomBytes(32).toString('hex'),
  };
}
