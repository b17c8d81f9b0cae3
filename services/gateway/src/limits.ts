/** How often one caller may ask, in requests a minute. More is refused with 429 `rate-limited`. */
export interface RequestRates {
  /** A signed-in person, on all devices together. */
  readonly person: number;
  /** A service with a token of its own. */
  readonly service: number;
  /** An address from which requests without a valid token come. */
  readonly address: number;
}

export const DEFAULT_REQUEST_RATES: RequestRates = Object.freeze({
  person: 6_000,
  service: 600_000,
  address: 3_000,
});

export const RATE_WINDOW_MS = 60_000;

/** Callers whose rates are counted at a time; beyond that, the one not seen for longest starts anew. */
export const RATED_CALLERS_MAX = 100_000;

/**
 * How long a message waits for its acknowledgement, in milliseconds: less than browsers and proxies
 * wait for the answer, so that `outcome-unknown` still reaches whoever asked.
 */
export const DELIVERY_DEADLINE_MS = 12_000;

/** The pause between two tries to open the log at the start, in milliseconds. */
export const WARM_UP_PAUSE_MS = 1_000;

/** How long a development session lasts, in seconds. */
export const DEVELOPMENT_SESSION_SECONDS = 12 * 60 * 60;
