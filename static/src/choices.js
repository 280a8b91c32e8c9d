// A list of choices that opens at a text field while one types, as a combobox: arrows, Enter or Tab, Escape, a tap.

import { element, fill } from "./elements.js";

let count = 0;

/**
 * Offers choices at a field. `ask()` gives [{id, name, note}] for what stands in it now, or null for none; `take(choice)`
 * puts the chosen one in.
 */
export function offer(field, { ask, take }) {
  count += 1;
  const list = element("ul", { class: "choices-list", id: `choices-${count}`, role: "listbox", "data-keep": "" });
  list.hidden = true;
  field.after(list);
  const state = { field, list, take, found: [], at: -1, asked: 0 };
  setAttributes(field, list);
  field.addEventListener("input", () => look(state, ask));
  field.addEventListener("keydown", (event) => pressed(state, event));
  field.addEventListener("blur", () => close(state));
  // The press must not take the focus away before it has chosen.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const item = target.closest("[role=option]");
    if (item) choose(state, Number(item.dataset.at));
  });
}

function setAttributes(field, list) {
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off" };
  for (const [name, value] of Object.entries(attributes)) field.setAttribute(name, value);
}

async function look(state, ask) {
  state.asked += 1;
  const turn = state.asked;
  const found = await ask();
  // A slower answer to an earlier text must not replace a later one.
  if (turn !== state.asked) return;
  if (!found?.length) return close(state);
  state.found = found;
  state.at = 0;
  show(state);
}

function show(state) {
  const { field, list, found, at } = state;
  fill(
    list,
    ...found.map(({ name, note }, position) =>
      element(
        "li",
        { role: "option", id: `${list.id}-${position}`, "data-at": position, "aria-selected": String(position === at) },
        element("b", {}, name),
        note ? element("span", { class: "xs dim" }, ` ${note}`) : null,
      ),
    ),
  );
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  field.setAttribute("aria-activedescendant", `${list.id}-${at}`);
}

function close(state) {
  state.asked += 1;
  state.list.hidden = true;
  state.field.setAttribute("aria-expanded", "false");
  state.field.removeAttribute("aria-activedescendant");
}

function choose(state, position) {
  const chosen = state.found[position];
  close(state);
  state.take(chosen);
}

function pressed(state, event) {
  if (state.list.hidden || event.isComposing) return;
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in moves) {
    state.at = (state.at + moves[event.key] + state.found.length) % state.found.length;
    show(state);
  } else if (event.key === "Enter" || event.key === "Tab") choose(state, state.at);
  else if (event.key === "Escape") close(state);
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}
