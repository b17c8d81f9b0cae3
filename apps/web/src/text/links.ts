export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

const ADDRESS = /https?:\/\/[^\s<>"'`]+/giu;
/** What ends a sentence or closes a bracket is not part of an address that stands at its end. */
const TRAILING = /[.,;:!?…。、)\]}»”’]+$/u;

/** Cuts a text at the web addresses in it: http and https only, and only what parses as one. */
export function splitLinks(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const shown = withoutTrailing(match[0]);
    const href = webAddress(shown);
    if (href === undefined) continue;
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    parts.push({ kind: 'link', text: shown, href });
    end = match.index + shown.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

/** Brackets that the address opened itself stay, as in wikis. */
function withoutTrailing(address: string): string {
  const trailing = TRAILING.exec(address)?.[0];
  if (trailing === undefined) return address;
  const bare = address.slice(0, -trailing.length);
  return trailing.startsWith(')') && bare.includes('(') ? `${bare})` : bare;
}

function webAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
}
