import { useMemo, useState } from 'react';
import { useSession, useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { Member, Role, Room } from '../../state/model.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { Menu, MenuItem } from '../parts/Menu.tsx';
import { Portrait } from '../parts/Portrait.tsx';
import style from './member-list.module.css';

const RANK: Readonly<Record<Role, number>> = { owner: 0, moderator: 1, member: 2 };
const ROLES: readonly Role[] = ['owner', 'moderator', 'member'];

interface MemberListProps {
  readonly room: Room;
  readonly myId: string;
}

export function MemberList({ room, myId }: MemberListProps) {
  const { t, language } = useText();
  const people = useStore((state) => state.people);
  const ordered = useMemo(() => {
    const { compare } = new Intl.Collator(language);
    const name = ({ userId }: Member) => people[userId]?.displayName ?? '';
    return room.members?.toSorted(
      (one, other) => RANK[one.role] - RANK[other.role] || compare(name(one), name(other)),
    );
  }, [room.members, people, language]);
  if (ordered === undefined) return <p>{t('details.loading')}</p>;
  return (
    <ul className={style.list}>
      {ordered.map((member) => {
        const person = people[member.userId];
        const name = person?.displayName ?? t('app.someone');
        return (
          <li key={member.userId} className={style.member}>
            <Portrait userId={member.userId} size="small" />
            <span className={style.name}>
              {name}
              {member.userId === myId && ` (${t('app.you')})`}
              <span className={style.handle}>{person && `@${person.handle}`}</span>
            </span>
            {room.kind === 'group' && member.role !== 'member' && (
              <span className={style.role}>{t(`role.${member.role}`)}</span>
            )}
            {mayManage(room, member, myId) && (
              <MemberMenu room={room} member={member} name={name} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Owners manage everybody else, moderators plain members. The gateway has the last word. */
function mayManage(room: Room, member: Member, myId: string): boolean {
  if (room.kind === 'direct' || room.archived || member.userId === myId) return false;
  return room.role === 'owner' || (room.role === 'moderator' && member.role === 'member');
}

interface MemberMenuProps {
  readonly room: Room;
  readonly member: Member;
  readonly name: string;
}

function MemberMenu({ room, member, name }: MemberMenuProps) {
  const { t } = useText();
  const session = useSession();
  const [isRemoving, setRemoving] = useState(false);
  const { userId } = member;
  // Nobody gives a role above their own.
  const grantable = ROLES.filter((role) => role !== member.role && RANK[role] >= RANK[room.role]);
  return (
    <>
      <Menu label={t('details.manage', { name })}>
        {grantable.map((role) => (
          <MenuItem
            key={role}
            icon="members"
            onChoose={() => void session.changeRole(room.id, userId, role)}
          >
            {t(`role.make.${role}`)}
          </MenuItem>
        ))}
        <MenuItem icon="leave" danger onChoose={() => setRemoving(true)}>
          {t('details.remove')}
        </MenuItem>
      </Menu>
      {isRemoving && (
        <Confirm
          title={t('details.remove.title', { name })}
          text={t('details.remove.text')}
          action={t('details.remove')}
          onConfirm={() => void session.removeMember(room.id, userId)}
          onClose={() => setRemoving(false)}
        />
      )}
    </>
  );
}
