/** The largest JSON body that the gateway reads, in bytes: a message of four-byte characters fits. */
export const BODY_MAX_BYTES = 64 * 1024;

/** The largest body of `POST /v1/events`, in bytes. */
export const EVENT_BODY_MAX_BYTES = 1024 * 1024;

/** The most events of one batch. */
export const EVENT_BATCH_MAX = 1_000;

/** Members of one room. A notification's record grows with them (about 40 bytes a member). */
export const ROOM_MEMBERS_MAX = 5_000;

/** People invited when a room is opened. More are invited one by one. */
export const ROOM_INITIAL_MEMBERS_MAX = 200;

/** Rooms that one person can be in. */
export const ROOMS_PER_PERSON_MAX = 1_000;

/** People that one search gives. */
export const SEARCH_RESULTS_MAX = 20;

/** People whose presence one request asks for. */
export const PRESENCE_USERS_MAX = 100;

/** Messages of one page of the history: unless said otherwise, and at most. */
export const HISTORY_PAGE_LIMIT = 50;
export const HISTORY_PAGE_LIMIT_MAX = 100;

/** Members whose read positions a page of the history tells. */
export const READ_POSITIONS_MAX = 100;

/** Unread messages of a room are counted up to here: this many means this many or more. */
export const UNREAD_MAX = 100;

/** Characters of a last message in a list of rooms. */
export const LAST_MESSAGE_TEXT_MAX_LENGTH = 200;

/** Rooms that `GET /v1/analytics/rooms` names at most. */
export const ANALYTICS_ROOMS_MAX = 100;
