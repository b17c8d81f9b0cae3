/** A person as others see them. */
export interface Person {
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
}

/** What a Person is made of, in the table `users`. */
export const PERSON_COLUMNS = 'id, handle, display_name AS "displayName"';
