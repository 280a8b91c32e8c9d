// The people of the desk, fetched once for a page, to be found by name, agency or role.

import { matches } from "./folding.js";

const MOST = 8;

let people = null;

async function everybody() {
  const found = [];
  let after = "";
  do {
    const answer = await fetch(`/api/v1/people?limit=500${after && `&after=${encodeURIComponent(after)}`}`);
    if (!answer.ok) throw new Error(`people: ${answer.status}`);
    const page = await answer.json();
    found.push(...page.items.filter(({ active }) => active));
    after = page.next;
  } while (after);
  return found;
}

/** Up to eight people whose name, title, agency or role has the words: [{id, name, note}]. */
export async function findPeople(words) {
  people ??= everybody();
  try {
    const found = (await people).filter((person) => matches(textOf(person), words));
    return found.slice(0, MOST).map((person) => ({ ...person, note: [person.title, person.organisation?.short_name].filter(Boolean).join(" · ") }));
  } catch {
    people = null;
    return [];
  }
}

function textOf({ name, title, organisation, roles }) {
  return [name, title, organisation?.short_name, organisation?.code, ...roles].join(" ");
}
