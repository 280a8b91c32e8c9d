// Sentences in the reader's language: the page carries those that scripts use, English ones are their own key.

const source = globalThis.document?.getElementById("words");
const words = JSON.parse(source?.textContent || "{}");

/** The sentence, with %(name)s replaced by values.name and %% by a percent sign. */
export function t(message, values = {}) {
  return filled(words[message] ?? message, values);
}

/** The form that the number asks for; %(num)s is the number. A translation has one form, as Vietnamese needs. */
export function tn(one, many, number, values = {}) {
  return filled(words[one] ?? (number === 1 ? one : many), { num: number, ...values });
}

function filled(text, values) {
  return text.replace(/%(?:%|\((\w+)\)s)/g, (whole, name) => (name ? String(values[name]) : "%"));
}
