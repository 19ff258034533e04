import { describe, expect, it } from 'vitest';
import { parseBaggage } from '../../../lib/observability/telemetry/baggage.js';
import { traceContextOf } from '../../../lib/observability/telemetry/trace-context.js';
import { parseTraceParent } from '../../../lib/observability/telemetry/trace-parent.js';
import { parseTraceState } from '../../../lib/observability/telemetry/trace-state.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const OTHER_TRACE = '0af7651916cd43dd8448eb211c80319c';
const VALID = `00-${TRACE}-${SPAN}-01`;

describe('a traceparent', () => {
  it.each([
    [VALID, 1],
    [`00-${TRACE}-${SPAN}-00`, 0],
    [`00-${TRACE}-${SPAN}-03`, 1],
    [`00-${TRACE}-${SPAN}-fe`, 0],
    [`01-${TRACE}-${SPAN}-01`, 1],
    [`cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`, 1],
    [`fe-${TRACE}-${SPAN}-01-`, 1],
  ])('is read: %s', (value, traceFlags) => {
    expect(parseTraceParent(value)).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      traceFlags,
    });
  });

  it.each([
    ['is absent', undefined],
    ['is null', null],
    ['is a number', 0],
    ['is a list', [VALID]],
    ['is an object', { toString: () => VALID }],
    ['is empty', ''],
    ['has forbidden version ff', `ff-${TRACE}-${SPAN}-01`],
    ['says more than version 00 may', `00-${TRACE}-${SPAN}-01-extra`],
    ['ends in a dash', `00-${TRACE}-${SPAN}-01-`],
    ['runs on', `${VALID}0`],
    ['runs on in a later version', `01-${TRACE}-${SPAN}-010`],
    ['has upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['has an upper case span', `00-${TRACE}-${SPAN.toUpperCase()}-01`],
    ['has a zero trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['has a zero span', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['has a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['has a short span', `00-${TRACE}-${SPAN.slice(1)}-01`],
    ['has no flags', `00-${TRACE}-${SPAN}`],
    ['has a short flag', `00-${TRACE}-${SPAN}-1`],
    ['has no version', `${TRACE}-${SPAN}-01`],
    ['has a short version', `0-${TRACE}-${SPAN}-01`],
    ['has other digits', `00-${TRACE.replace('4', 'g')}-${SPAN}-01`],
    ['has other separators', VALID.replaceAll('-', '_')],
    ['starts with a space', ` ${VALID}`],
    ['ends with a space', `${VALID} `],
    ['ends with a line break', `${VALID}\n`],
    ['was sent twice', `${VALID}, ${VALID}`],
  ])('counts as absent when it %s', (_flaw, value) => {
    expect(parseTraceParent(value)).toBeUndefined();
  });
});

describe('a tracestate', () => {
  it.each([
    ['rojo=00f067aa0ba902b7,congo=t61rcWkgMzE', undefined],
    ['a=1 , b=2', 'a=1,b=2'],
    ['a=1,,b=2', 'a=1,b=2'],
    ['tenant@vendor=x', undefined],
    ['a=with space inside', undefined],
  ])('is read: %j', (value, read = value) => {
    expect(parseTraceState(value)).toBe(read);
  });

  it.each([
    undefined,
    7,
    '',
    ',',
    'a',
    '=1',
    'A=1',
    'a=',
    'a=1=2',
    'a=1,a=2',
    'a=\u00e9',
    'a=1\r\nx: y',
    `a=${'x'.repeat(257)}`,
    ['a', 'b', 'c'].map((key) => `${key}=${'x'.repeat(200)}`).join(','),
    Array.from({ length: 33 }, (_, index) => `k${index}=1`).join(','),
  ])('counts as absent: %j', (value) => {
    expect(parseTraceState(value)).toBeUndefined();
  });
});

describe('a baggage', () => {
  it.each([
    ['userId=alice', [{ key: 'userId', value: 'alice' }]],
    [
      'a=1, b=DF%2028 ;ttl=5;x',
      [
        { key: 'a', value: '1' },
        { key: 'b', value: 'DF 28', metadata: 'ttl=5;x' },
      ],
    ],
    ['a=b=c', [{ key: 'a', value: 'b=c' }]],
    ['a=', [{ key: 'a', value: '' }]],
  ])('is read: %j', (value, members) => {
    expect(parseBaggage(value)).toEqual(members);
  });

  it.each([
    'bad key=1',
    'novalue',
    '=1',
    'a=%zz',
    'a=b c',
    'a="b"',
    'a=é',
    'a=1;é',
  ])('is read without what is not right: %j', (flaw) => {
    expect(parseBaggage(`x=1,${flaw},y=2`).map(({ key }) => key)).toEqual([
      'x',
      'y',
    ]);
  });

  it.each([
    undefined,
    7,
    `a=${'x'.repeat(8192)}`,
    Array.from({ length: 65 }, (_, index) => `k${index}=1`).join(','),
  ])('counts as absent: %.40j', (value) => {
    expect(parseBaggage(value)).toEqual([]);
  });
});

const baggage = (source: string) => ({
  source,
  members: [{ key: 'from', value: source }],
});

describe('the trace context of a request', () => {
  const META = {
    traceparent: VALID,
    tracestate: 'a=1',
    baggage: 'from=meta',
  };
  const HEADERS = {
    traceparent: `00-${OTHER_TRACE}-${SPAN}-00`,
    tracestate: 'b=2',
    baggage: 'from=headers',
  };
  const FROM_META = {
    source: 'meta',
    traceId: TRACE,
    spanId: SPAN,
    traceFlags: 1,
    traceState: 'a=1',
  };
  const FROM_HEADERS = {
    source: 'headers',
    traceId: OTHER_TRACE,
    spanId: SPAN,
    traceFlags: 0,
    traceState: 'b=2',
  };

  it('comes from _meta first', () => {
    expect(traceContextOf(META, HEADERS)).toEqual({
      parent: FROM_META,
      baggage: baggage('meta'),
    });
  });

  it.each([
    ['is not there', undefined],
    ['says nothing of it', { progressToken: 1 }],
    ['is wrong', { traceparent: 'wrong', tracestate: 'a=1', baggage: ' ' }],
  ])('comes from the headers when _meta %s', (_why, meta) => {
    expect(traceContextOf(meta, HEADERS)).toEqual({
      parent: FROM_HEADERS,
      baggage: baggage('headers'),
    });
  });

  it('takes from the headers only what _meta leaves out', () => {
    const { traceparent, ...others } = META;
    expect(traceContextOf({ traceparent }, HEADERS)).toEqual({
      parent: { source: 'meta', traceId: TRACE, spanId: SPAN, traceFlags: 1 },
      baggage: baggage('headers'),
    });
    // A tracestate belongs to its traceparent.
    expect(traceContextOf(others, HEADERS)).toEqual({
      parent: FROM_HEADERS,
      baggage: baggage('meta'),
    });
  });

  it('survives a tracestate that is wrong', () => {
    const meta = { ...META, tracestate: 'A=1', baggage: undefined };
    expect(traceContextOf(meta, undefined)).toEqual({
      parent: { source: 'meta', traceId: TRACE, spanId: SPAN, traceFlags: 1 },
    });
  });

  it('is absent when nobody says anything', () => {
    expect(traceContextOf(undefined, undefined)).toBeUndefined();
    expect(traceContextOf({ tracestate: 'a=1' }, {})).toBeUndefined();
  });
});
