// Naming people in text fields:
//   <textarea data-mentions>                       "@" and the beginning of a name opens the people of the desk
//   <input data-person> <input type="hidden">      one person, her id going into the hidden field behind it

import { offer } from "./choices.js";
import { fold } from "./folding.js";
import { findPeople } from "./people.js";
import { t } from "./words.js";

const BEGUN = /(?:^|\s)@([\p{L}\p{N}_.\-]*(?:\s[\p{L}\p{N}]+){0,3})$/u;

export function startNaming() {
  for (const field of document.querySelectorAll("[data-mentions]")) offerMentions(field);
  for (const field of document.querySelectorAll("input[data-person]")) offerPerson(field);
}

function offerMentions(field) {
  const begun = () => BEGUN.exec(field.value.slice(0, field.selectionStart));
  offer(field, {
    ask: () => (begun() ? findPeople(begun()[1]) : null),
    take: ({ name }) => {
      const [whole] = begun();
      const from = field.selectionStart - whole.trimStart().length;
      field.setRangeText(`@${name} `, from, field.selectionStart, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
}

function offerPerson(field) {
  const hidden = field.parentElement.querySelector("input[type=hidden]");
  const set = (id) => {
    hidden.value = id;
    field.setCustomValidity(id ? "" : t("Choose a person from the list."));
  };
  offer(field, {
    ask: async () => {
      const found = await findPeople(field.value);
      const exact = found.filter(({ name }) => fold(name) === fold(field.value.trim()));
      set(exact.length === 1 ? exact[0].id : "");
      return field.value.trim() ? found : null;
    },
    take: (person) => {
      field.value = person.name;
      set(person.id);
    },
  });
  set("");
  field.form.addEventListener("reset", () => set(""));
}
