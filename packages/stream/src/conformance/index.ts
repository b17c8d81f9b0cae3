export type { ConformanceLog, OpenConformanceLog } from './conformance-log.ts';
export { conformanceTests } from './conformance-tests.ts';
