export {
  createMemoryLog,
  type MemoryFaults,
  type MemoryGroupView,
  type MemoryLog,
  type MemoryLogOptions,
} from './memory-log.ts';
export { VirtualClock } from './virtual-clock.ts';
