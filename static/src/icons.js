// The icons that scripts draw; those of pages are drawn by the server.

import { AlarmClock, ArrowDown, ArrowUp, Ban, Check, CircleDot, Hourglass, LogOut, Radio, RotateCcw, Upload, WifiOff } from "lucide-static";

const drawings = {
  "alarm-clock": AlarmClock,
  "arrow-down": ArrowDown,
  "arrow-up": ArrowUp,
  ban: Ban,
  check: Check,
  "circle-dot": CircleDot,
  hourglass: Hourglass,
  "log-out": LogOut,
  radio: Radio,
  "rotate-ccw": RotateCcw,
  upload: Upload,
  "wifi-off": WifiOff,
};

/** An element showing the icon, hidden from screen readers: the word beside it says the same. */
export function draw(name) {
  const holder = document.createElement("template");
  holder.innerHTML = drawings[name].slice(drawings[name].indexOf("<svg"));
  const icon = holder.content.firstElementChild;
  icon.setAttribute("class", "i");
  icon.setAttribute("aria-hidden", "true");
  return icon;
}
