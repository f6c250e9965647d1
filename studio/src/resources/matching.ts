/** Searching and counting what a list holds. */
import type { Resource } from "../api/resources";

/** Those that have every word somewhere in their name, description or tags. */
export function matching<T extends Resource>(items: T[], typed: string, wordsOf?: (item: T) => string): T[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  return items.filter((item) => {
    const text = `${told(item)} ${wordsOf?.(item) ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Each sort there is, in the order first seen, with how many of `shown` are of it. */
export function counted<T>(all: readonly T[], shown: readonly T[], sortOf: (item: T) => string): [string, number][] {
  const counts = new Map(all.map((item) => [sortOf(item), 0]));
  for (const item of shown) counts.set(sortOf(item), (counts.get(sortOf(item)) ?? 0) + 1);
  return [...counts].filter(([word]) => word !== "");
}

function told({ name, spec }: Resource): string {
  const { display_name: title, description, tags } = spec;
  const labels = typeof tags === "object" && tags !== null ? Object.entries(tags).flat() : [];
  return [name, title, description, ...labels].filter(Boolean).join(" ");
}
