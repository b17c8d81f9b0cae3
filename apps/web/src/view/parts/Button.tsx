import type { ComponentProps } from 'react';
import style from './button.module.css';
import { Icon, type IconName } from './Icon.tsx';

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly icon?: IconName;
}

export function Button({ look = 'plain', icon, className, children, ...props }: ButtonProps) {
  const classes = [style.button, style[look], className].filter(Boolean).join(' ');
  return (
    <button type="button" {...props} className={classes}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly icon: IconName;
  /** What it does: its name, and its tooltip. */
  readonly label: string;
}

export function IconButton({ icon, label, className, ...props }: IconButtonProps) {
  const classes = [style.icon, className].filter(Boolean).join(' ');
  return (
    <button type="button" aria-label={label} title={label} {...props} className={classes}>
      <Icon name={icon} />
    </button>
  );
}
