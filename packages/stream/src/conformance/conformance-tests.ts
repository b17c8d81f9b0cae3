import { describe } from 'node:test';
import type { OpenConformanceLog } from './conformance-log.ts';
import { membershipTests } from './membership-tests.ts';
import { readerTests } from './reader-tests.ts';
import { writerTests } from './writer-tests.ts';

/**
 * Registers node:test tests of everything that the publisher and the consumer rely on, for one
 * implementation of the ports. Each test opens a log of its own and disposes it. They use real time
 * and wait for conditions, for up to 30 s each.
 */
export function conformanceTests(name: string, open: OpenConformanceLog): void {
  describe(name, () => {
    describe('log writer', () => writerTests(open));
    describe('log reader', () => readerTests(open));
    describe('group membership', () => membershipTests(open));
  });
}
