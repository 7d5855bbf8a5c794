// Reads a JSON list of iCalendar texts from standard input, prints what ical.js finds in each.
import { readFileSync } from "node:fs";
import ICAL from "./ical.js/ical.min.js";

const found = JSON.parse(readFileSync(0, "utf8")).map((text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const entries = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      sequence: event.sequence,
      starts_at: event.startDate.toJSDate().toISOString(),
      ends_at: event.endDate.toJSDate().toISOString(),
      title: event.summary,
      place: event.location ?? "",
      status: component.getFirstPropertyValue("status"),
    };
  });
  return { method: calendar.getFirstPropertyValue("method"), entries };
});
process.stdout.write(JSON.stringify(found));
