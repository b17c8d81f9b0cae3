import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterState, SettingState } from './cluster-state.ts';
import { stateFingerprint } from './fingerprint.ts';

function stateOf(settings: Readonly<Record<string, SettingState>>): ClusterState {
  const topic = { partitions: 1, replicas: [3], settings: new Map(Object.entries(settings)) };
  return {
    clusterId: 'cluster',
    brokerCount: 3,
    topics: new Map([['a', topic]]),
    otherTopics: [],
  };
}

const own = (value: string): SettingState => ({ value, overridden: true, inherited: null });

test('the same state has the same fingerprint, in whatever order it was read', () => {
  assert.equal(
    stateFingerprint(stateOf({ x: own('1'), y: own('2') })),
    stateFingerprint(stateOf({ y: own('2'), x: own('1') })),
  );
});

test('a value, who sets it, and the cluster are part of it; other topics are not', () => {
  const state = stateOf({ x: own('1') });
  const fingerprint = stateFingerprint(state);
  for (const other of [
    stateOf({ x: own('2') }),
    stateOf({ x: { ...own('1'), overridden: false } }),
    { ...state, clusterId: 'another' },
  ]) {
    assert.notEqual(stateFingerprint(other), fingerprint);
  }
  assert.equal(stateFingerprint({ ...state, otherTopics: ['b'] }), fingerprint);
});
