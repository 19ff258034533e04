import { expect, it } from 'vitest';
import { renderIssues } from '../../../lib/mcp/schema/render-issues.js';

it.each([
  [[], 'Invalid arguments'],
  [
    [{ path: '', message: 'must be an object' }],
    'Invalid arguments: must be an object',
  ],
  [
    [
      { path: 'max', message: 'must not be greater than 50' },
      { path: 'title', message: 'must be a string' },
    ],
    'Invalid arguments: max: must not be greater than 50; title: must be a string',
  ],
])('%j', (issues, text) => {
  expect(renderIssues(issues)).toBe(text);
});
