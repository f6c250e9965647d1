/** What the keyboard does: shown in the settings, and where `?` is pressed. */

export interface Keys {
  title: string;
  keys: readonly (readonly [key: string, does: string])[];
}

export const KEYS: readonly Keys[] = [
  {
    title: "Everywhere",
    keys: [
      ["Ctrl K", "go to a page, a job, an asset, a workspace"],
      ["/", "search in the list"],
      ["[", "fold the navigation"],
      ["Escape", "close what is open"],
    ],
  },
  {
    title: "In tables",
    keys: [
      ["Arrows", "walk through the rows"],
      ["Page up, Page down", "ten rows at a time"],
      ["Enter", "open the row"],
    ],
  },
];
