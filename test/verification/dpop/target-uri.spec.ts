import { describe, expect, it } from 'vitest';
import { isTargetUri } from '../../../lib/verification/dpop/target-uri.js';

const RESOURCE = 'https://mcp.example.com/mcp';

describe('isTargetUri', () => {
  it.each([
    [RESOURCE, RESOURCE],
    ['HTTPS://MCP.Example.COM/mcp', RESOURCE],
    ['https://mcp.example.com:443/mcp', RESOURCE],
    ['http://localhost:80/mcp', 'http://localhost/mcp'],
    ['https://mcp.example.com/a/../mcp', RESOURCE],
    ['https://mcp.example.com/./mcp', RESOURCE],
    ['https://mcp.example.com/%6d%63p', RESOURCE],
    ['https://mcp.example.com/a%2fb', 'https://mcp.example.com/a%2Fb'],
    ['https://mcp.example.com/%7Eada', 'https://mcp.example.com/~ada'],
    ['https://mcp.example.com', 'https://mcp.example.com/'],
    [`${RESOURCE}?a=1`, RESOURCE],
    [`${RESOURCE}#top`, RESOURCE],
    [RESOURCE, `${RESOURCE}?a=1#top`],
    [
      'https://mcp.example.com/gr%C3%BC%c3%9fe',
      'https://mcp.example.com/grüße',
    ],
  ])('%s is %s', (htu, url) => {
    expect(isTargetUri(htu, url)).toBe(true);
  });

  it.each([
    ['https://mcp.example.com/mcp/', RESOURCE],
    ['https://mcp.example.com/MCP', RESOURCE],
    ['https://mcp.example.com/mcp/tools', RESOURCE],
    ['https://mcp.example.com/', RESOURCE],
    ['https://mcp.example.com:8443/mcp', RESOURCE],
    ['https://mcp.example.com./mcp', RESOURCE],
    ['https://mcp.example.com.evil.example/mcp', RESOURCE],
    ['https://evil.example/mcp', RESOURCE],
    ['http://mcp.example.com/mcp', RESOURCE],
    ['http://mcp.example.com:443/mcp', RESOURCE],
    ['https://ada@mcp.example.com/mcp', RESOURCE],
    ['https://ada:secret@mcp.example.com/mcp', RESOURCE],
    ['https://mcp.example.com@evil.example/mcp', RESOURCE],
    ['https://mcp.example.com\\mcp', RESOURCE],
    ['https:\\\\mcp.example.com/mcp', RESOURCE],
    ['https:///mcp.example.com/mcp', RESOURCE],
    ['https:mcp.example.com/mcp', RESOURCE],
    [' https://mcp.example.com/mcp', RESOURCE],
    ['https://mcp.example.com/m\ncp', RESOURCE],
    ['https://mcp.example.com/mcp ', RESOURCE],
    ['https://mcp.example.com/a%2Fb', 'https://mcp.example.com/a/b'],
    ['//mcp.example.com/mcp', RESOURCE],
    ['/mcp', RESOURCE],
    ['', RESOURCE],
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['null', 'null'],
    ['https://', 'https://'],
  ])('%j is not %s', (htu, url) => {
    expect(isTargetUri(htu, url)).toBe(false);
  });
});
