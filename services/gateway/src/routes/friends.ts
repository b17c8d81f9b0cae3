import { FriendStepPath, FriendsAndPeople } from '@sori/api';
import type { HttpServer } from '@sori/http';
import { changeFriend } from '../commands/friends/change-friend.ts';
import { userIdOf } from '../http/caller.ts';
import { friendsAndPeople } from '../queries/friends.ts';
import { changeOf, type RouteContext } from './context.ts';
import { answers, DONE } from './responses.ts';

export function friendRoutes(app: HttpServer, context: RouteContext): void {
  const tags = ['friends'];

  app.get(
    '/friends',
    {
      schema: {
        operationId: 'listFriends',
        summary: 'Friends, requests both ways, and whom one blocked',
        tags,
        response: answers(FriendsAndPeople),
      },
    },
    (request) => friendsAndPeople(context.pool, userIdOf(request)),
  );

  app.post(
    '/friends/:userId/:step',
    {
      schema: {
        operationId: 'changeFriend',
        summary: 'One step between two people; to ask who has asked is to accept',
        tags,
        params: FriendStepPath,
        response: DONE,
      },
    },
    async (request, reply) => {
      const { userId: otherUserId, step } = request.params;
      const userId = userIdOf(request);
      await changeFriend(changeOf(context, request), { step, userId, otherUserId });
      return reply.code(204).send();
    },
  );
}
