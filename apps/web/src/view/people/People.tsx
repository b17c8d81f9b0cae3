import { useMemo, useState } from 'react';
import { LIST_HASH } from '../../app/route.ts';
import { useMe, useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { Person } from '../../state/model.ts';
import { Field } from '../parts/Field.tsx';
import { Icon } from '../parts/Icon.tsx';
import { PersonRow } from './PersonRow.tsx';
import style from './people.module.css';
import { usePeopleSearch } from './use-people-search.ts';

/** Friends, those who want to be, and everybody else by their name. */
export function People() {
  const { t } = useText();
  const me = useMe();
  const [query, setQuery] = useState('');
  const found = usePeopleSearch(query)?.filter(({ id }) => id !== me.id);
  const friends = useStore((state) => state.friends);
  const isEmpty = Object.values(friends).every((ids) => ids.length === 0);
  return (
    <div className={style.people}>
      <header className={style.header}>
        <a className={style.back} href={LIST_HASH} aria-label={t('app.back')}>
          <Icon name="back" />
        </a>
        <h2 className={style.title}>{t('people.title')}</h2>
      </header>
      <div className={style.body}>
        <Field
          label={t('people.find')}
          hint={t('people.find.hint')}
          type="search"
          value={query}
          onText={setQuery}
          autoComplete="off"
          spellCheck={false}
        />
        {found !== undefined && (
          <div role="status" className={style.section}>
            {found.length === 0 ? (
              <p className={style.none}>{t('people.noMatch')}</p>
            ) : (
              <ul className={style.list}>
                {found.map((person) => (
                  <PersonRow key={person.id} person={person} />
                ))}
              </ul>
            )}
          </div>
        )}
        <Group title={t('people.requests')} ids={friends.incoming} />
        <Group title={t('people.friends')} ids={friends.friends} />
        <Group title={t('people.sent')} ids={friends.outgoing} />
        <Group title={t('people.blocked')} ids={friends.blocked} />
        {isEmpty && found === undefined && <p className={style.none}>{t('people.none')}</p>}
      </div>
    </div>
  );
}

interface GroupProps {
  readonly title: string;
  readonly ids: readonly string[];
}

function Group({ title, ids }: GroupProps) {
  const { language, count } = useText();
  const people = useStore((state) => state.people);
  const ordered = useMemo(() => {
    const { compare } = new Intl.Collator(language);
    return ids
      .map((id) => people[id])
      .filter((person): person is Person => person !== undefined)
      .sort((one, other) => compare(one.displayName, other.displayName));
  }, [ids, people, language]);
  if (ordered.length === 0) return null;
  return (
    <section className={style.section}>
      <h3 className={style.heading}>
        {title} <span className={style.count}>{count(ordered.length)}</span>
      </h3>
      <ul className={style.list}>
        {ordered.map((person) => (
          <PersonRow key={person.id} person={person} />
        ))}
      </ul>
    </section>
  );
}
