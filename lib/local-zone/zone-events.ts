import { EventEmitter } from 'node:events';
import type { RecordedCall } from './call-log.js';
import type { UserGrant } from './zone-declaration.interface.js';

/**
 * Events of a local zone and what their listeners receive.
 *
 * @publicApi
 */
export interface LocalZoneEvents {
  /** A request was answered. */
  readonly call: RecordedCall;
  /** A token, or the secret of a vault, was handed out. */
  readonly issued: IssuedToken;
  /** A user allowed an application to act on a resource. */
  readonly granted: UserGrant;
  /** A user signed in on the login page. */
  readonly login: ZoneLogin;
  /** A request was refused. */
  readonly refused: ZoneRefusal;
  /** Something in the zone itself failed; the client saw a 500. */
  readonly problem: Error;
}

/** @publicApi */
export interface IssuedToken {
  readonly grantType: string;
  readonly clientId: string;
  /** `undefined` for clients that are not of a declared application. */
  readonly application: string | undefined;
  /** `undefined` for an application's own token. */
  readonly user: string | undefined;
  readonly resource: string;
  readonly scopes: readonly string[];
}

/** @publicApi */
export interface ZoneLogin {
  readonly user: string;
  readonly clientId: string;
}

/** @publicApi */
export interface ZoneRefusal {
  /** Where it happened, such as `grant` or `authorization`. */
  readonly at: string;
  readonly error: string;
  readonly description: string | undefined;
  /** More than the client was told. */
  readonly detail: string | undefined;
}

/** The emitter behind `zone.on`. */
export class ZoneEventEmitter {
  private readonly emitter = new EventEmitter();

  on<Name extends keyof LocalZoneEvents>(
    event: Name,
    listener: (payload: LocalZoneEvents[Name]) => void,
  ): void {
    this.emitter.on(event, listener);
  }

  off<Name extends keyof LocalZoneEvents>(
    event: Name,
    listener: (payload: LocalZoneEvents[Name]) => void,
  ): void {
    this.emitter.off(event, listener);
  }

  emit<Name extends keyof LocalZoneEvents>(
    event: Name,
    payload: LocalZoneEvents[Name],
  ): void {
    this.emitter.emit(event, payload);
  }

  removeAllListeners(): void {
    this.emitter.removeAllListeners();
  }
}
