import { memo } from 'react';
import { splitLinks } from '../../text/links.ts';
import { isKorean, isOnlyEmoji } from '../../text/script.ts';
import style from './message.module.css';

/** Text as text; web addresses in it as links. */
export const MessageText = memo(function MessageText({ text }: { readonly text: string }) {
  return (
    <p
      className={isOnlyEmoji(text) ? `${style.text} ${style.emoji}` : style.text}
      // Korean is read and broken into lines as Korean, whatever language the page is in.
      lang={isKorean(text) ? 'ko' : undefined}
      dir="auto"
      data-message-text=""
    >
      {splitLinks(text).map((part, index) =>
        part.kind === 'text' ? (
          part.text
        ) : (
          <a
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
            key={index}
            href={part.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
          >
            {part.text}
          </a>
        ),
      )}
    </p>
  );
});
