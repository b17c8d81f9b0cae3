export {
  ANALYTICS_STREAM_EVENTS,
  AnalyticsDeadLetters,
  AnalyticsLatency,
  AnalyticsOverview,
  type AnalyticsPercentiles,
  AnalyticsQuery,
  AnalyticsRooms,
  AnalyticsRoomsQuery,
  AnalyticsSnapshot,
  type AnalyticsStreamEvent,
  AnalyticsTopics,
  AnalyticsUsers,
  AnalyticsUsersQuery,
  TopicAnalytics,
} from './analytics.ts';
export { EventBatchResults, NewEvent, PublishedEvent } from './events.ts';
export { FriendStep, FriendStepPath, Friends, FriendsAndPeople } from './friends.ts';
export {
  HistoryMessage,
  HistoryQuery,
  LastMessage,
  MessagePage,
} from './history.ts';
export {
  BODY_MAX_BYTES,
  EVENT_BATCH_MAX,
  EVENT_BODY_MAX_BYTES,
  HISTORY_PAGE_LIMIT,
  LAST_MESSAGE_TEXT_MAX_LENGTH,
  PRESENCE_USERS_MAX,
  READ_POSITIONS_MAX,
  ROOM_INITIAL_MEMBERS_MAX,
  ROOM_MEMBERS_MAX,
  ROOMS_PER_PERSON_MAX,
  SEARCH_RESULTS_MAX,
  UNREAD_MAX,
} from './limits.ts';
export {
  ClientMessageId,
  MessageChange,
  MessageDeletion,
  MessagePath,
  NewMessage,
  ReactionPath,
  ReadUpTo,
  SentMessage,
} from './messages.ts';
export { NewPerson, People, PeopleQuery, Person, ProfileChange, UserPath } from './person.ts';
export {
  PersonPresence,
  PRESENCE_EVENT,
  PresenceFrameData,
  PresenceOfPeople,
  PresenceQuery,
} from './presence.ts';
export { ProblemDetails } from './problem.ts';
export {
  Member,
  NewMember,
  NewRoom,
  RoleChange,
  Room,
  RoomAndPeople,
  RoomChange,
  RoomMemberPath,
  RoomPath,
  RoomsAndPeople,
} from './rooms.ts';
export { DevelopmentSession, DevelopmentSignIn, Settings } from './session.ts';
export {
  CONTROL_EVENTS,
  type ControlEvent,
  FeedFrameData,
  RoomLeftData,
  SessionEndedData,
} from './stream.ts';
