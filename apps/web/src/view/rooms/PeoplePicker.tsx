import { type KeyboardEvent, useId, useState } from 'react';
import { useMe, useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { Person } from '../../state/model.ts';
import { Field } from '../parts/Field.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Voiceprint } from '../parts/Voiceprint.tsx';
import { usePeopleSearch } from '../people/use-people-search.ts';
import { PeopleOptions } from './PeopleOptions.tsx';
import style from './people-picker.module.css';

interface PeoplePickerProps {
  readonly label: string;
  readonly chosen: readonly Person[];
  readonly onChange: (chosen: readonly Person[]) => void;
  /** Ids of people who are not to choose from; never me. */
  readonly excluded: readonly string[];
}

/**
 * Friends at once, anybody else by their name: a field with a list below it, of which several can be
 * chosen. The focus stays in the field, and arrows move through the list (WAI-ARIA, "Combobox").
 */
export function PeoplePicker({ label, chosen, onChange, excluded }: PeoplePickerProps) {
  const { t } = useText();
  const id = useId();
  const me = useMe();
  const people = useStore((state) => state.people);
  const friends = useStore((state) => state.friends.friends);
  const [query, setQuery] = useState('');
  const [wantedAt, setActiveAt] = useState(0);
  const found = usePeopleSearch(query);
  const offered = found ?? friends.map((friend) => people[friend]).filter(isKnown);
  const choosable = offered.filter(
    (person) => person.id !== me.id && !excluded.includes(person.id),
  );
  const activeAt = Math.min(wantedAt, choosable.length - 1);
  const active = choosable[activeAt];

  function toggle(person: Person): void {
    const others = chosen.filter((other) => other.id !== person.id);
    onChange(others.length < chosen.length ? others : [...chosen, person]);
  }

  function onKeyDown(event: KeyboardEvent): void {
    // Enter that ends a syllable chooses nobody.
    if (active === undefined || event.nativeEvent.isComposing) return;
    const count = choosable.length;
    if (event.key === 'ArrowDown') setActiveAt((activeAt + 1) % count);
    else if (event.key === 'ArrowUp') setActiveAt((activeAt - 1 + count) % count);
    else if (event.key === 'Enter') toggle(active);
    else return;
    event.preventDefault();
  }

  return (
    <div className={style.picker}>
      <Field
        label={label}
        role="combobox"
        aria-expanded={choosable.length > 0}
        aria-controls={id}
        aria-activedescendant={active && `${id}-${active.id}`}
        value={query}
        onText={(text) => {
          setQuery(text);
          setActiveAt(0);
        }}
        placeholder={t('people.find.hint')}
        autoComplete="off"
        spellCheck={false}
        onKeyDown={onKeyDown}
      />
      {chosen.length > 0 && (
        <ul className={style.chosen} aria-label={t('newRoom.chosen', { count: chosen.length })}>
          {chosen.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                aria-label={t('newRoom.takeOut', { name: person.displayName })}
                onClick={() => toggle(person)}
              >
                <Voiceprint id={person.id} size="tiny" />
                {person.displayName}
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <PeopleOptions
        id={id}
        label={t('newRoom.offered')}
        offered={choosable}
        chosen={chosen}
        active={active}
        onToggle={toggle}
      />
      {found !== undefined && choosable.length === 0 && (
        <p className={style.none} role="status">
          {t('people.noMatch')}
        </p>
      )}
    </div>
  );
}

function isKnown(person: Person | undefined): person is Person {
  return person !== undefined;
}
