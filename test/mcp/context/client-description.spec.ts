import { describe, expect, it } from 'vitest';
import {
  toClientCapabilities,
  toClientInfo,
} from '../../../lib/mcp/context/client-description.js';

describe('what a client says of itself', () => {
  it.each([
    { name: 'a', version: '1' },
    { name: 'a', version: '1', title: 'A', extra: true },
  ])('is the introduction %j', (info) => {
    expect(toClientInfo(info)).toEqual(info);
  });

  it.each([
    undefined,
    null,
    'a',
    [],
    {},
    { name: 'a' },
    { version: '1' },
    { name: 'a', version: 1 },
  ])('is no introduction: %j', (info) => {
    expect(toClientInfo(info)).toBeUndefined();
  });

  it.each([
    [{ elicitation: {}, roots: { listChanged: true } }, undefined],
    [{ vendor: { mode: {} } }, undefined],
    [{ elicitation: true, sampling: {}, roots: null }, { sampling: {} }],
    [{}, undefined],
  ])('are the capabilities of %j', (value, capabilities) => {
    expect(toClientCapabilities(value)).toEqual(capabilities ?? value);
  });

  it.each([undefined, null, 'all', [{}]])(
    'are no capabilities: %j',
    (value) => {
      expect(toClientCapabilities(value)).toBeUndefined();
    },
  );
});
