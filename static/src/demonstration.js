// The invented people of the demonstration have no device: a button fills in the code that it would show now.
//   <button data-demonstration-code="id of the field" data-free>

export function startDemonstration() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-demonstration-code]");
    if (button) fillIn(document.getElementById(button.dataset.demonstrationCode));
  });
}

async function fillIn(field) {
  const answer = await fetch("/account/demonstration-code", { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  field.value = (await answer.json()).code;
  field.focus();
}
