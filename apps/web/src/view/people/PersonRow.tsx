import type { FriendStep } from '@sori/api';
import { roomHash } from '../../app/route.ts';
import { useSession, useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { Friends, Person } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { Menu, MenuItem } from '../parts/Menu.tsx';
import { Portrait } from '../parts/Portrait.tsx';
import style from './people.module.css';

type Relation = keyof Friends | 'none';

/** What is offered at once about somebody, by what they are to me; the rest is in the menu. */
const STEPS: Readonly<Record<Relation, readonly FriendStep[]>> = {
  none: ['request'],
  incoming: ['accept', 'reject'],
  outgoing: ['cancel'],
  friends: [],
  blocked: ['unblock'],
};

export function PersonRow({ person }: { readonly person: Person }) {
  const { t } = useText();
  const session = useSession();
  const relation = useStore(({ friends }) => relationTo(friends, person.id));

  async function message(): Promise<void> {
    const { id, displayName } = person;
    const roomId = await session.createRoom({ kind: 'direct', name: displayName, memberIds: [id] });
    if (roomId !== undefined) location.hash = roomHash(roomId);
  }

  const act = (step: FriendStep) => void session.changeFriend(step, person.id);
  return (
    <li className={style.person} data-testid="person-row">
      <Portrait userId={person.id} />
      <span className={style.name}>
        {person.displayName}
        <span className={style.handle}>@{person.handle}</span>
      </span>
      {STEPS[relation].map((step, index) => (
        <Button
          key={step}
          look={index === 0 && relation !== 'outgoing' ? 'primary' : 'plain'}
          aria-label={`${t(`people.${step}`)}: ${person.displayName}`}
          onClick={() => act(step)}
        >
          {t(`people.${step}`)}
        </Button>
      ))}
      {relation === 'friends' && (
        <Button
          icon="message"
          aria-label={t('people.messageTo', { name: person.displayName })}
          onClick={() => void message()}
        >
          {t('people.message')}
        </Button>
      )}
      {relation !== 'blocked' && (
        <Menu label={t('people.more', { name: person.displayName })}>
          {relation !== 'friends' && (
            <MenuItem icon="message" onChoose={() => void message()}>
              {t('people.message')}
            </MenuItem>
          )}
          {relation === 'friends' && (
            <MenuItem icon="close" onChoose={() => act('remove')}>
              {t('people.remove')}
            </MenuItem>
          )}
          <MenuItem icon="bellOff" danger onChoose={() => act('block')}>
            {t('people.block')}
          </MenuItem>
        </Menu>
      )}
    </li>
  );
}

function relationTo(friends: Friends, userId: string): Relation {
  const relations = ['friends', 'incoming', 'outgoing', 'blocked'] as const;
  return relations.find((relation) => friends[relation].includes(userId)) ?? 'none';
}
