/** A few emoji and nothing else: they may be larger. */
export function isOnlyEmoji(text: string): boolean {
  return /^\p{RGI_Emoji}{1,3}$/v.test(text.trim());
}

/** Whether anything of it is written in Hangul. */
export function isKorean(text: string): boolean {
  return /\p{Script=Hangul}/u.test(text);
}
