import { useText } from '../../app/text-context.tsx';
import style from './delivery-mark.module.css';

interface DeliveryMarkProps {
  readonly state: 'sending' | 'sent' | 'received';
}

const BARS: Readonly<Record<DeliveryMarkProps['state'], number>> = {
  sending: 1,
  sent: 2,
  received: 3,
};

/** How far a message has got: one bar while it is on its way, two in the log, three delivered. */
export function DeliveryMark({ state }: DeliveryMarkProps) {
  const { t } = useText();
  const label = t(`message.${state}`);
  return (
    <span role="img" aria-label={label} title={label} className={`${style.mark} ${style[state]}`}>
      <svg viewBox="0 0 14 12" width="14" height="12" aria-hidden="true">
        <path className={BARS[state] >= 1 ? style.on : undefined} d="M2.5 8v1.5" />
        <path className={BARS[state] >= 2 ? style.on : undefined} d="M7 5.5v4" />
        <path className={BARS[state] >= 3 ? style.on : undefined} d="M11.5 2.5v7" />
      </svg>
    </span>
  );
}
