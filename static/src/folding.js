// Text as search compares it, the same as crisis_desk/platform/text.py: no case, no diacritics, "đ" is "d".

export function fold(text) {
  return text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");
}

/** Whether every word of `wanted` begins a word of `text`. */
export function matches(text, wanted) {
  const words = fold(text).split(/[^\p{L}\p{N}]+/u);
  const asked = fold(wanted).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return asked.every((start) => words.some((word) => word.startsWith(start)));
}
