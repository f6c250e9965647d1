import { describe, expect, it } from "vitest";
import { MOST_FILES, rooted, type Sent, walked, wrongWith } from "../src/pages/data/dropped";

const sent = (...paths: string[]): Sent[] => paths.map((path) => ({ path, file: new File(["x"], "x") }));
const paths = (files: Sent[]) => files.map(({ path }) => path);

describe("dropped folders", () => {
  it("are walked to their end, a piece of a folder at a time", async () => {
    const leaf = (fullPath: string) => ({
      fullPath,
      isFile: true,
      file: (done: (file: File) => void) => done(new File([], "f")),
    });
    const folder = (fullPath: string, ...pieces: unknown[][]) => ({
      fullPath,
      isFile: false,
      createReader: () => {
        const left = [...pieces, []];
        return { readEntries: (done: (some: unknown) => void) => done(left.shift()) };
      },
    });
    const top = folder(
      "/cars",
      [leaf("/cars/a.csv"), folder("/cars/more", [leaf("/cars/more/b.csv")])],
      [leaf("/cars/c.csv")],
    );
    const drop = { items: [{ webkitGetAsEntry: () => top }], files: [] } as unknown as DataTransfer;
    expect(paths(await walked(drop))).toEqual(["cars/a.csv", "cars/more/b.csv", "cars/c.csv"]);
  });

  it("give their name and keep what lies below", () => {
    const { folder, files } = rooted(sent("cars/a.csv", "cars/more/b.csv"));
    expect([folder, paths(files)]).toEqual(["cars", ["a.csv", "more/b.csv"]]);
    expect(rooted(sent("cars/a.csv", "b.csv")).folder).toBe("");
    expect(rooted([])).toEqual({ folder: "", files: [] });
  });

  it("say which name cannot be kept", () => {
    expect(wrongWith(sent("a/b c/ä 🚗.csv"))).toBeUndefined();
    for (const bad of ["a//b", "a/../b", "a\u0007b", "a\\b", "x".repeat(256), "d/".repeat(600) + "f"]) {
      expect(wrongWith(sent("fine", bad)), bad).toContain("cannot be kept");
    }
    expect(wrongWith(sent(...Array<string>(MOST_FILES + 1).fill("a")))).toContain("more than");
  });
});
