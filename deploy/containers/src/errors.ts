/** A compose file that Compose would refuse, or that says what an image would not understand. */
export class ComposeError extends Error {
  readonly code = 'COMPOSE_INVALID';
  readonly retryable = false;
  override readonly name = 'ComposeError';
}
