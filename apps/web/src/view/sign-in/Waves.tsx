import { type CSSProperties, useMemo } from 'react';
import style from './sign-in.module.css';

const BARS = 72;

/** Sound across the page: a few sines over each other, so that it looks spoken and stays the same. */
function heights(): readonly number[] {
  return Array.from({ length: BARS }, (_, bar) => {
    const phrase = Math.abs(Math.sin(bar * 0.11)) ** 1.4;
    const syllable = 0.55 + 0.45 * Math.sin(bar * 0.83 + 1);
    const grain = 0.75 + 0.25 * Math.sin(bar * 2.7);
    return 0.04 + 0.96 * phrase * syllable * grain;
  });
}

/** Decoration. */
export function Waves() {
  const bars = useMemo(heights, []);
  return (
    <div className={style.waves} aria-hidden="true">
      {bars.map((height, bar) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: bars that never move
          key={bar}
          style={{ '--height': `${(height * 100).toFixed(1)}%`, '--bar': bar } as CSSProperties}
        />
      ))}
    </div>
  );
}
