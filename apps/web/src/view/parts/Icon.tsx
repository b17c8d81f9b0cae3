/** Drawn on a grid of 20, with a line of 1.6. */
const PATHS = {
  add: 'M10 4v12M4 10h12',
  archive: 'M3.5 5h13v3h-13zM4.5 8v7.5h11V8M8 11h4',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  bellOff: 'M5 13.5h8.5M6 13.5V9a4 4 0 0 1 6.4-3.2M14 9v2.5M8.5 16h3M3.5 3.5l13 13',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  close: 'm5 5 10 10M15 5 5 15',
  copy: 'M7.5 7.5h8v8h-8zM4.5 12.5v-8h8',
  down: 'M10 4.5v11M5.5 11l4.5 4.5L14.5 11',
  edit: 'M4.5 15.5v-3l8-8 3 3-8 8zM11 6l3 3',
  leave: 'M11.5 4h-7v12h7M8.5 10h8M13.5 7l3 3-3 3',
  link: 'M8.5 11.5a3 3 0 0 0 4.2 0l2.6-2.6a3 3 0 0 0-4.2-4.2l-1 1M11.5 8.5a3 3 0 0 0-4.2 0l-2.6 2.6a3 3 0 0 0 4.2 4.2l1-1',
  members:
    'M7.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM3 16c.3-2.5 2-4 4.5-4s4.2 1.5 4.5 4M13 9.2a2.3 2.3 0 1 0-.6-4.4M14 12.2c1.7.4 2.8 1.8 3 3.8',
  message: 'M4 4.5h12v9H9.5L6 16.5v-3H4z',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  retry: 'M15.5 10a5.5 5.5 0 1 1-1.7-4M15.5 3.5v3h-3',
  search: 'M9 14a5 5 0 1 0 0-10 5 5 0 0 0 0 10ZM12.7 12.7 16 16',
  send: 'M4 10h11M10.5 5.5 15 10l-4.5 4.5',
  trash: 'M4.5 6h11M8 6V4h4v2M6 6l.6 10h6.8L14 6',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: what it means is said in words beside it, or by what it is in. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.4 : 1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
