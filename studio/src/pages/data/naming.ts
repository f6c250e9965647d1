/** What an upload is called until somebody says otherwise, and where it goes. Pure. */

/** `My cars (2).csv` → `My-cars-2`. */
export function assetName(file: string): string {
  const bare = file.replace(/\.[^.]*$/, "");
  return bare
    .normalize("NFKD")
    .replaceAll(/[^A-Za-z0-9_-]+/g, "-")
    .replaceAll(/^[^A-Za-z0-9]+|-+$/g, "")
    .slice(0, 100);
}

/** A folder of its own for each upload, so that no version changes under those who use it. */
export function folderFor(name: string, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]/g, "").replace(".", "");
  return `uploads/${name}/${stamp}`;
}
