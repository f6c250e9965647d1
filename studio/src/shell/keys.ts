/** What the keyboard does: shown in the settings, and where `?` is pressed. */
import { GO } from "./shortcuts";

export interface Keys {
  title: string;
  keys: readonly (readonly [keys: readonly string[], does: string])[];
}

export const KEYS: readonly Keys[] = [
  {
    title: "Everywhere",
    keys: [
      [["Ctrl", "K"], "Search or jump to anything"],
      [["/"], "Search in the list"],
      [["["], "Fold the navigation"],
      [["?"], "These keys"],
      [["Esc"], "Close what is open"],
    ],
  },
  {
    title: "In lists",
    keys: [
      [["↑", "↓"], "Walk through the rows"],
      [["Page ↑", "Page ↓"], "Ten rows at a time"],
      [["Enter"], "Open the row"],
      [["c"], "Compare the jobs that are chosen"],
    ],
  },
  { title: "Go to", keys: Object.entries(GO).map(([key, { title }]) => [["g", key], title] as const) },
  {
    title: "On the canvas",
    keys: [
      [["p"], "Find a component"],
      [["t"], "Tidy up"],
      [["f"], "Show all"],
      [["Delete"], "Remove what is chosen"],
      [["Ctrl", "Z"], "Undo"],
      [["Ctrl", "Y"], "Redo"],
      [["Ctrl", "C"], "Copy; paste with Ctrl V"],
    ],
  },
];
