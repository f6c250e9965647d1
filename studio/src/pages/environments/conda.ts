/** A conda file from what is typed into a form. */

export function condaOf(name: string, python: string, packages: string): Record<string, unknown> {
  const lines = packages
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
  return {
    name,
    channels: ["conda-forge"],
    dependencies: [`python=${python.trim()}`, "pip", ...(lines.length > 0 ? [{ pip: lines }] : [])],
  };
}
