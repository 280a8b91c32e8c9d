// The words of time, the same as in crisis_desk/platform/wording.py; a test compares the two. Instants are
// milliseconds since 1970; what is read is the wall clock of the province.

import { t, tn } from "./words.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SOON_PERCENT = 80;
const RAIL_LENGTH_PERCENT = 85;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

const province = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Ho_Chi_Minh",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

function parts(at) {
  return Object.fromEntries(province.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** "12 phút", "1 g 52 phút", "1 ngày 9 g": a length of time, rounded down. */
export function length(span) {
  if (span < MINUTE) return t("under 1 min");
  if (span < HOUR) return t("%(minutes)s min", { minutes: Math.floor(span / MINUTE) });
  return span < DAY ? hoursAndMinutes(span) : daysAndHours(span);
}

function hoursAndMinutes(span) {
  const hours = Math.floor(span / HOUR);
  const minutes = Math.floor((span % HOUR) / MINUTE);
  return minutes ? t("%(hours)s h %(minutes)s min", { hours, minutes }) : t("%(hours)s h", { hours });
}

function daysAndHours(span) {
  const hours = Math.floor((span % DAY) / HOUR);
  const days = tn("%(num)s day", "%(num)s days", Math.floor(span / DAY));
  return hours ? `${days} ${t("%(hours)s h", { hours })}` : days;
}

/** "còn 12 phút" or "trễ 5 phút". */
export function remaining(due, now) {
  return now < due
    ? t("%(span)s left", { span: length(due - now) })
    : t("%(span)s late", { span: length(now - due) });
}

/** How a running clock stands: state, whole percent used (null without a start), width of its rail. */
export function clockState(start, due, now) {
  const percent = start === null || due <= start ? null : Math.max(Math.trunc(((now - start) / (due - start)) * 100), 0);
  const rail = ((Math.min(percent ?? 0, 100) * RAIL_LENGTH_PERCENT) / 100).toFixed(1);
  if (now >= due) return { state: "late", percent, rail };
  return { state: percent !== null && percent >= SOON_PERCENT ? "soon" : "plain", percent, rail };
}

/** "21:35"; on another day than today with its date: "11/5 16:20", in English "11 May 16:20". */
export function timeOfDay(at, now, language) {
  const then = parts(at);
  const today = parts(now);
  const clock = `${then.hour}:${then.minute}`;
  if (then.day === today.day && then.month === today.month && then.year === today.year) return clock;
  return `${day(then, then.year !== today.year, language)} ${clock}`;
}

function day(then, withYear, language) {
  const [onDay, month] = [Number(then.day), Number(then.month)];
  if (language === "vi") return [onDay, month, ...(withYear ? [then.year] : [])].join("/");
  return [onDay, MONTHS[month - 1], ...(withYear ? [then.year] : [])].join(" ");
}

/** "8 ph", "1 g 39", "2 ngày": how old, as short as a column needs. */
export function age(since, now) {
  const span = Math.max(now - since, 0);
  if (span < HOUR) return tn("%(num)s minute", "%(num)s minutes", Math.floor(span / MINUTE));
  if (span >= DAY) return tn("%(num)s day", "%(num)s days", Math.floor(span / DAY));
  const minutes = String(Math.floor((span % HOUR) / MINUTE)).padStart(2, "0");
  return t("%(hours)s h %(minutes)s", { hours: Math.floor(span / HOUR), minutes });
}
