import { describe, expect, it } from "vitest";
import {
  bondsOf,
  boundTo,
  copied,
  type Drawing,
  EMPTY,
  freeName,
  makesCycle,
  renamed,
  stepsOf,
  withBond,
  withInput,
  without,
  withStep,
} from "../src/graph/drawing";
import { begun, moved } from "../src/graph/history";
import { interfaceOf, isNeeded, misfit, wrongValue } from "../src/graph/ports";

const AT = { x: 0, y: 0 };
const bond = (from: string, to: string) => ({ from, output: "out", to, input: "in" });

/** a → b → c */
function chain(): Drawing {
  const steps = ["a", "b", "c"].reduce(
    (drawing, name) => withStep(drawing, name, { component: "azureml:x:1" }, AT),
    EMPTY,
  );
  return withBond(withBond(steps, bond("a", "b")), bond("b", "c"));
}

describe("a drawing", () => {
  it("knows its bonds, written in either way", () => {
    const drawing = withInput(chain(), "c", "more", { type: "uri_file", path: "${{ parent.jobs.a.outputs.out }}" });
    expect(bondsOf(drawing)).toEqual([bond("a", "b"), bond("b", "c"), { ...bond("a", "c"), input: "more" }]);
    expect(boundTo("${{parent.inputs.x}}")).toBeUndefined();
    expect(boundTo(7)).toBeUndefined();
  });

  it("sees a circle before it is drawn", () => {
    expect(makesCycle(chain(), "c", "a")).toBe(true);
    expect(makesCycle(chain(), "a", "a")).toBe(true);
    expect(makesCycle(chain(), "a", "c")).toBe(false);
  });

  it("frees what was bound to a step that goes", () => {
    const drawing = without({ ...chain(), groups: [{ id: "g-1", title: "", steps: ["b"] }] }, new Set(["b"]));
    expect(Object.keys(stepsOf(drawing))).toEqual(["a", "c"]);
    expect(bondsOf(drawing)).toEqual([]);
    expect(drawing.groups).toEqual([]);
    expect(drawing.spots).not.toHaveProperty("b");
  });

  it("renames a step wherever it is named", () => {
    const drawing = renamed(chain(), "b", "middle");
    expect(bondsOf(drawing)).toEqual([bond("a", "middle"), bond("middle", "c")]);
    expect(Object.keys(stepsOf(drawing))).toEqual(["a", "middle", "c"]);
  });

  it("copies steps with the bonds among them, and keeps those from outside", () => {
    const drawing = chain();
    const { b, c } = stepsOf(drawing);
    const [next, names] = copied(drawing, { b: b ?? {}, c: c ?? {} });
    expect(names).toEqual(["b_2", "c_2"]);
    expect(bondsOf(next).slice(2)).toEqual([bond("a", "b_2"), bond("b_2", "c_2")]);
  });

  it("names steps as the server lets them be named", () => {
    expect(freeName({}, "seed-train")).toBe("seed_train");
    expect(freeName({ a: 1, a_2: 1 }, "a")).toBe("a_3");
    expect(freeName({ a_2: 1 }, "a_2")).toBe("a_3");
    expect(freeName({}, "2fast")).toBe("s_2fast");
  });

  it("changes nothing that was", () => {
    const drawing = Object.freeze(chain());
    const before = JSON.stringify(drawing);
    withInput(drawing, "a", "x", 1);
    without(drawing, new Set(["a"]));
    renamed(drawing, "a", "z");
    expect(JSON.stringify(drawing)).toBe(before);
  });
});

describe("history", () => {
  it("undoes and redoes, and typing is one step", () => {
    let history = begun("");
    for (const text of ["a", "ab", "abc"]) history = moved(history, { do: "change", to: () => text, about: "title" });
    history = moved(history, { do: "change", to: () => "other" });
    history = moved(history, { do: "undo" });
    expect(history.now).toBe("abc");
    history = moved(history, { do: "undo" });
    expect(history.now).toBe("");
    history = moved(moved(history, { do: "redo" }), { do: "redo" });
    expect(history.now).toBe("other");
    expect(moved(history, { do: "redo" })).toBe(history);
  });

  it("forgets what was undone once something else is done, and is not longer than it may be", () => {
    let history = moved(moved(begun(0), { do: "change", to: () => 1 }), { do: "undo" });
    history = moved(history, { do: "change", to: () => 2 });
    expect(history.future).toEqual([]);
    for (let number = 3; number < 500; number++) history = moved(history, { do: "change", to: () => number });
    expect(history.past.length).toBe(200);
  });

  it("is not moved by what changes nothing", () => {
    const history = begun(1);
    expect(moved(history, { do: "change", to: (now) => now })).toBe(history);
  });
});

describe("ports", () => {
  it("fit within their family, and say why where they do not", () => {
    expect(misfit({ type: "uri_file" }, { type: "uri_folder" })).toBeUndefined();
    expect(misfit({ type: "uri_file" }, {})).toBeUndefined();
    expect(misfit({ type: "mltable" }, { type: "mlflow_model" })).toContain("mltable");
  });

  it("are taken from whatever a component says", () => {
    expect(interfaceOf({ inputs: { a: { type: "integer" }, b: null } }, "x")).toEqual({
      title: "x",
      description: "",
      inputs: { a: { type: "integer" }, b: {} },
      outputs: {},
    });
    expect(isNeeded({ type: "number", default: 0 })).toBe(false);
    expect(isNeeded({ type: "number" })).toBe(true);
  });

  it("hold values against what is declared", () => {
    const rows = { type: "integer", min: 1, max: 10 };
    expect([7, 7.5, "x", 0, 11, undefined, "${{parent.inputs.n}}"].map((value) => wrongValue(rows, value))).toEqual([
      undefined,
      "expected a whole number",
      "expected a whole number",
      "expected 1 or more",
      "expected 10 or less",
      "needed",
      undefined,
    ]);
  });
});
