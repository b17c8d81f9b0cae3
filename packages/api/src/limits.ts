/** The largest JSON body that the gateway reads, in bytes: a message of four-byte characters fits. */
export const BODY_MAX_BYTES = 64 * 1024;

/** The largest body of `POST /v1/events`, in bytes. */
export const EVENT_BODY_MAX_BYTES = 1024 * 1024;

/** Members of one room. A notification's record grows with them (about 40 bytes a member). */
export const ROOM_MEMBERS_MAX = 5_000;

/** People invited when a room is opened. More are invited one by one. */
export const ROOM_INITIAL_MEMBERS_MAX = 200;

/** Rooms that one person can be in. */
export const ROOMS_PER_PERSON_MAX = 1_000;

/** People that one search gives. */
export const SEARCH_RESULTS_MAX = 20;
