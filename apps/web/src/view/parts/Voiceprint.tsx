import { type CSSProperties, memo } from 'react';
import { voiceOf } from './voice.ts';
import style from './voiceprint.module.css';

interface VoiceprintProps {
  /** Of a person or a room. */
  readonly id: string;
  readonly shape?: 'person' | 'room';
  readonly size?: 'tiny' | 'small' | 'medium';
}

/** A picture in place of a photograph: five bars of sound, the same for an id everywhere. */
export const Voiceprint = memo(function Voiceprint(props: VoiceprintProps) {
  const { id, shape = 'person', size = 'medium' } = props;
  const { hue, bars } = voiceOf(id);
  return (
    <span
      aria-hidden="true"
      className={[style.print, style[shape], style[size]].join(' ')}
      style={{ '--hue': hue } as CSSProperties}
    >
      <svg viewBox="0 0 32 32" role="presentation">
        {bars.map((height, index) => {
          const x = 6 + index * 5;
          const half = Math.max(0.1, height * 9.5);
          // biome-ignore lint/suspicious/noArrayIndexKey: five bars that never move
          return <path key={index} d={`M${x} ${16 - half}v${half * 2}`} />;
        })}
      </svg>
    </span>
  );
});
