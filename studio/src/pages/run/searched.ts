/** A trial's values of what is searched, which its tag tells. Pure. */

export function searched(tags: Readonly<Record<string, string>> | undefined): Record<string, number | string> {
  try {
    const read = JSON.parse(tags?.hyperparameters ?? "{}") as unknown;
    if (typeof read !== "object" || read === null) return {};
    return Object.fromEntries(
      Object.entries(read).map(([key, value]) => [key, typeof value === "number" ? value : String(value)]),
    );
  } catch {
    return {};
  }
}
