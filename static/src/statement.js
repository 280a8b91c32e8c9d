// page
// A statement beside drafting: as soon as somebody signs, returns or releases it, the page says that it is old.
// Nothing moves under the reader's hand; what she typed stays until she asks for the present state.

import { watch } from "./live.js";
import { alarm } from "./say.js";

const bar = document.querySelector("[data-statement]");
const { statement, room, stream, after } = bar.dataset;

watch(room, {
  stream,
  after: Number(after),
  onEntry: (entry) => {
    const concerns = entry.subject?.id === statement || entry.kind === "incident.severity_changed";
    if (!concerns || entry.person === document.body.dataset.person) return;
    bar.hidden = false;
    alarm(bar.textContent.trim());
  },
});
