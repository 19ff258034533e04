/** Token of the resolved settings. @internal */
export const KEYCARD_CONFIG = 'KEYCARD:CONFIG';

/** Token of the audit stream and the telemetry, together. @internal */
export const KEYCARD_OBSERVABILITY = 'KEYCARD:OBSERVABILITY';

/** Token of the `fetch` that reaches zones. @internal */
export const KEYCARD_FETCH = 'KEYCARD:FETCH';
