/** What is counted. */
export const COUNTERS = {
  'keycard.authentications': 'Callers recognised and turned away',
  'keycard.exchanges': 'Tokens asked for at the zone',
  'keycard.exchange.cache': 'Tokens looked up before they were asked for',
} as const;

/** What is timed, in seconds. */
export const HISTOGRAMS = {
  'keycard.exchange.duration': 'How long the zone takes to exchange a token',
  'mcp.server.operation.duration': 'How long an MCP request takes',
} as const;

export type CounterName = keyof typeof COUNTERS;
export type HistogramName = keyof typeof HISTOGRAMS;

/** The defaults of OpenTelemetry are made for milliseconds. */
export const DURATION_BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];
