/**
 * `native` makes spans and measurements, `propagation_only` continues the
 * caller's trace and adds nothing to it, `off` does neither.
 *
 * @publicApi
 */
export type TelemetryMode = 'native' | 'propagation_only' | 'off';
