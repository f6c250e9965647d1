import { describe, expect, it } from "vitest";
import { yaml } from "../src/lib/yaml";

describe("yaml", () => {
  it("writes texts bare where nobody takes them for something else", () => {
    expect(yaml({ name: "wine", path: "azureml://datastores/a/paths/b", ref: "azureml:wine@latest" })).toBe(
      "name: wine\npath: azureml://datastores/a/paths/b\nref: azureml:wine@latest\n",
    );
  });

  it("quotes what reads as a number, a truth, nothing, a comment or a pair", () => {
    const texts = [
      "1",
      "1.0",
      "yes",
      "No",
      "null",
      "~",
      "on",
      "1e3",
      "",
      " a",
      "a: b",
      "a #b",
      "#a",
      "- a",
      "*a",
      "a:",
      "2026-01-01",
      "a ",
    ];
    for (const text of texts) expect(yaml({ text })).toBe(`text: ${JSON.stringify(text)}\n`);
  });

  it("leaves commands and packages as they are", () => {
    expect(
      yaml({ command: "python a.py --x ${{inputs.x}} > out", dependencies: ["python=3.11", { pip: ["a==1"] }] }),
    ).toBe("command: python a.py --x ${{inputs.x}} > out\ndependencies:\n- python=3.11\n- pip:\n  - a==1\n");
  });

  it("nests, and says what is empty", () => {
    expect(yaml({ a: { b: [1, true, null], c: {}, d: [] }, left: undefined })).toBe(
      "a:\n  b:\n  - 1\n  - true\n  - null\n  c: {}\n  d: []\n",
    );
  });

  it("keeps lines as they are, and their last end", () => {
    expect(yaml({ a: "one\ntwo", b: { c: "one\n\ntwo\n" } })).toBe(
      "a: |-\n  one\n  two\nb:\n  c: |\n    one\n\n    two\n",
    );
    expect(yaml({ a: " one\ntwo" })).toBe('a: " one\\ntwo"\n');
  });

  it("escapes what would run away with the document", () => {
    expect(yaml({ '"x"': "<b>\u202e\u0007" })).toBe('"\\"x\\"": "<b>\u202e\\u0007"\n');
  });
});
