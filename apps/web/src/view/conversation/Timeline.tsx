import { useMemo, useRef } from 'react';
import { useMe, useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import { useNow } from '../../app/use-browser.ts';
import { EMPTY_TIMELINE, type Message, type Room } from '../../state/model.ts';
import { transcribe } from '../../state/transcript.ts';
import { Button } from '../parts/Button.tsx';
import { useRovingFocus } from '../parts/use-roving-focus.ts';
import { Announcer } from './Announcer.tsx';
import { Beginning } from './Beginning.tsx';
import { Turn } from './Turn.tsx';
import style from './timeline.module.css';
import { useKeepPlace } from './use-keep-place.ts';
import { useReadReceipts } from './use-read-receipts.ts';
import { useStickToEnd } from './use-stick-to-end.ts';

interface TimelineProps {
  readonly room: Room;
  readonly title: string;
  readonly onEdit: (message: Message) => void;
}

export function Timeline({ room, title, onEdit }: TimelineProps) {
  const { t, day } = useText();
  const me = useMe();
  const now = useNow();
  const timeline = useStore(({ timelines }) => timelines[room.id] ?? EMPTY_TIMELINE);
  const people = useStore((state) => state.people);
  const blocks = useMemo(
    () => transcribe(timeline, me.id, (at) => new Date(at).toDateString()),
    [timeline, me.id],
  );
  const list = useRef<HTMLOListElement>(null);
  const moveFocus = useRovingFocus(list, 'last');
  const { scroller, content, isAtEnd, isSettled, newer, toEnd } = useStickToEnd(timeline);
  useKeepPlace(scroller, timeline.messages[0]?.id);
  useReadReceipts(room.id, timeline, isAtEnd);

  return (
    <div className={style.frame}>
      <div ref={scroller} className={style.scroller} data-testid="timeline">
        <div ref={content} className={style.content} data-settled={isSettled}>
          <Beginning roomId={room.id} timeline={timeline} scroller={scroller} />
          <ol
            ref={list}
            className={style.blocks}
            aria-label={t('room.messages', { room: title })}
            onKeyDown={moveFocus}
          >
            {blocks.map((block) => {
              if (block.kind === 'day') {
                return (
                  <li key={block.key} className={style.day}>
                    <h3>{day(new Date(block.at), now)}</h3>
                  </li>
                );
              }
              if (block.kind === 'unread') {
                return (
                  <li key={block.key} className={style.unread} data-unread="">
                    <span>{t('room.new')}</span>
                  </li>
                );
              }
              return (
                <Turn
                  key={block.key}
                  room={room}
                  userId={block.userId}
                  entries={block.entries}
                  people={people}
                  myId={me.id}
                  onEdit={onEdit}
                />
              );
            })}
          </ol>
        </div>
      </div>
      {!isAtEnd && (
        <Button className={style.newest} icon="down" onClick={toEnd}>
          {newer === 0 ? t('room.newest') : t('room.newer', { count: newer })}
        </Button>
      )}
      {/* What the history brings was said before. */}
      {timeline.older !== undefined && (
        <Announcer messages={timeline.messages} people={people} myId={me.id} />
      )}
    </div>
  );
}
