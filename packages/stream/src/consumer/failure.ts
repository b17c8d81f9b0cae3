import {
  DeliveryFailed,
  DeliveryUnknown,
  DependencyUnavailable,
  LogError,
  PublisherOverloaded,
  StreamClosed,
} from '../errors.ts';

/**
 * What a failure asks for.
 * - `dependency`: something that every record needs is away; wait for it
 * - `permanent`: this record can never succeed
 * - `transient`: another try may succeed
 */
export type FailureKind = 'dependency' | 'permanent' | 'transient';

export function classifyFailure(error: unknown): FailureKind {
  if (error instanceof DependencyUnavailable) return 'dependency';
  if (error instanceof PublisherOverloaded || error instanceof DeliveryUnknown) return 'dependency';
  if (error instanceof LogError || error instanceof DeliveryFailed) {
    return error.retryable ? 'dependency' : 'permanent';
  }
  // A publisher that closes during a shutdown says nothing about the record.
  if (error instanceof StreamClosed) return 'dependency';
  const refused = error instanceof Error && 'retryable' in error && error.retryable === false;
  return refused ? 'permanent' : 'transient';
}
