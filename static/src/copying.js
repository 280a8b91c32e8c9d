// Copying the text of a field.

import { say } from "./say.js";
import { t } from "./words.js";

export async function copyText(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    say(t("Copied."));
  } catch {
    // Without leave for the clipboard the text is at least selected.
  }
}
