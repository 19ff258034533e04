import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { McpEndpointOptions } from '../../../../lib/mcp/transport/mcp-endpoint.interface.js';
import { EndpointHarness } from './endpoint.harness.js';

const NOTHING_LEFT = {
  sessions: 0,
  calls: 0,
  serverRequests: 0,
  streams: 0,
  resumableStreams: 0,
};

/**
 * A new endpoint for each test. Whatever the test did, nothing of it may be
 * left: no call before it closes, and nothing at all after.
 */
export function useEndpoint(
  options: Partial<McpEndpointOptions> = {},
): EndpointHarness {
  const harness = new EndpointHarness();
  beforeEach(() => harness.start(options));
  afterEach(async () => {
    vi.useRealTimers();
    await vi.waitFor(() =>
      expect(harness.endpoint.stats()).toMatchObject({
        calls: 0,
        serverRequests: 0,
      }),
    );
    await harness.endpoint.close();
    await vi.waitFor(() =>
      expect(harness.endpoint.stats()).toMatchObject(NOTHING_LEFT),
    );
    await harness.stop();
  });
  return harness;
}
