// page
// The page of a review: the slider that shows how the incident stood at each entry. Without scripts the table says it.

const slider = document.getElementById("stand");
const source = document.getElementById("stands");

if (slider && source) startStands(JSON.parse(source.textContent));

function startStands({ start, end, stands }) {
  if (stands.length === 0) return;
  for (const part of document.querySelectorAll("[data-stands], [data-stand-panel]")) part.hidden = false;
  const head = drawHead();
  const span = { from: Date.parse(start), to: Date.parse(end) };
  const show = () => showStand(stands[Number(slider.value)], span, head);
  slider.addEventListener("input", show);
  for (const button of document.querySelectorAll("[data-stand-step]")) {
    button.addEventListener("click", () => {
      slider.value = String(Number(slider.value) + Number(button.dataset.standStep));
      show();
    });
  }
  show();
}

function showStand(stand, span, head) {
  for (const place of document.querySelectorAll("[data-stand-time]")) place.textContent = stand.time;
  for (const place of document.querySelectorAll("[data-stand]")) place.textContent = stand[place.dataset.stand];
  slider.setAttribute("aria-valuetext", stand.time);
  for (const row of document.querySelectorAll("tr[data-sequence]")) {
    row.classList.toggle("later", Number(row.dataset.sequence) > stand.sequence);
  }
  moveHead(head, (Date.parse(stand.at) - span.from) / Math.max(span.to - span.from, 1));
}

// The drawing's first lane tells where its time axis begins and ends.
function drawHead() {
  const drawing = document.querySelector(".tl svg");
  const lane = drawing?.querySelector("rect.lane");
  if (!lane) return null;
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  line.setAttribute("class", "head");
  line.setAttribute("y1", "16");
  line.setAttribute("y2", String(drawing.viewBox.baseVal.height - 18));
  drawing.append(line);
  const edge = 6;
  return { line, left: lane.x.baseVal.value + edge, width: lane.width.baseVal.value - 2 * edge };
}

function moveHead(head, share) {
  if (!head) return;
  const x = head.left + head.width * Math.min(Math.max(share, 0), 1);
  for (const name of ["x1", "x2"]) head.line.setAttribute(name, x.toFixed(1));
}
