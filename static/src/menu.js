// Menus, dialogs, and the reader's own choices.
//   <details class="menu">                closes on Escape, on a click elsewhere, and when the focus leaves
//   <button data-opens="dialog id">, <button data-closes>
//   <button data-choose="theme" value="dark">, <button data-choose="language" value="en">

const YEAR = 365 * 24 * 3600;

export function startMenus() {
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", escaped);
  document.addEventListener("focusin", ({ target }) => closeMenus(target));
}

function clicked(event) {
  closeMenus(event.target);
  const button = event.target.closest?.("[data-opens], [data-closes], [data-choose]");
  if (!button) return;
  if (button.dataset.opens) openDialog(button.dataset.opens);
  else if (button.dataset.choose) choose(button.dataset.choose, button.value);
  else button.closest("dialog")?.close();
}

/** Opens a dialog by id, the focus on its first field. */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.querySelector("[autofocus], input:not([type=hidden]), textarea, select")?.focus();
}

function closeMenus(target) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(target)) menu.open = false;
}

function escaped(event) {
  const menu = document.querySelector("details.menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

function choose(what, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${what}=${value}; Path=/; Max-Age=${value ? YEAR : 0}; SameSite=Lax${secure}`;
  if (what === "language") location.reload();
  else if (value) document.documentElement.dataset.bsTheme = value;
  else delete document.documentElement.dataset.bsTheme;
  for (const button of document.querySelectorAll(`[data-choose="${what}"]`)) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
}
