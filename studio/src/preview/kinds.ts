/** What a file is shown as, by the ending of its name. */

export type Shown = "image" | "table" | "json" | "markdown" | "notebook" | "page" | "pdf" | "text";

const ENDINGS: [RegExp, Shown][] = [
  [/\.(png|jpe?g|gif|webp)$/i, "image"],
  [/\.(csv|tsv)$/i, "table"],
  [/\.(json|geojson)$/i, "json"],
  [/\.(md|markdown)$/i, "markdown"],
  [/\.ipynb$/i, "notebook"],
  [/\.html?$/i, "page"],
  [/\.pdf$/i, "pdf"],
];

export function shownAs(path: string): Shown {
  return ENDINGS.find(([ending]) => ending.test(path))?.[1] ?? "text";
}

export const isImage = (path: string) => shownAs(path) === "image";
