import type { Person } from '../../state/model.ts';
import { Icon } from '../parts/Icon.tsx';
import { Voiceprint } from '../parts/Voiceprint.tsx';
import style from './people-picker.module.css';

interface PeopleOptionsProps {
  /** Of the list; each option's is this, a hyphen, and the person's. */
  readonly id: string;
  readonly label: string;
  readonly offered: readonly Person[];
  readonly chosen: readonly Person[];
  /** The one that the keyboard is at. */
  readonly active: Person | undefined;
  readonly onToggle: (person: Person) => void;
}

/** The list of a people picker. Its field has the focus, and the keyboard with it. */
export function PeopleOptions(props: PeopleOptionsProps) {
  const { id, label, offered, chosen, active, onToggle } = props;
  return (
    <div
      id={id}
      role="listbox"
      tabIndex={-1}
      aria-label={label}
      aria-multiselectable="true"
      className={style.offered}
    >
      {offered.map((person) => {
        const isChosen = chosen.some((other) => other.id === person.id);
        return (
          <button
            type="button"
            key={person.id}
            id={`${id}-${person.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={isChosen}
            data-active={person === active}
            className={style.choice}
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onToggle(person)}
          >
            <Voiceprint id={person.id} size="small" />
            <span className={style.name}>
              {person.displayName}
              <span className={style.handle}>@{person.handle}</span>
            </span>
            {isChosen && <Icon name="check" />}
          </button>
        );
      })}
    </div>
  );
}
