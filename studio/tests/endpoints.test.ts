import { describe, expect, it } from "vitest";
import type { Reading } from "../src/api/endpoints";
import { callsOf } from "../src/pages/endpoints/calls";
import { curves } from "../src/pages/endpoints/curves";
import { askedOf, bodyOf, rowsOf } from "../src/pages/endpoints/requests";
import { scaleOf } from "../src/pages/endpoints/ScaleDialog";
import { shifted, total } from "../src/pages/endpoints/shares";
import { written } from "../src/pages/endpoints/Traffic";

describe("shares of traffic", () => {
  it("always come to a hundred", () => {
    let shares = { blue: 100, green: 0, red: 0 };
    for (const [name, percent] of [
      ["green", 33],
      ["red", 1],
      ["blue", 0],
      ["green", 100],
      ["red", 7],
      ["blue", 200],
    ] as const) {
      shares = shifted(shares, name, percent) as typeof shares;
      expect(total(shares)).toBe(100);
      expect(Object.values(shares).every((share) => Number.isInteger(share) && share >= 0)).toBe(true);
    }
    expect(shares.blue).toBe(100);
  });

  it("leave the others in proportion", () => {
    expect(shifted({ a: 60, b: 20, c: 20 }, "c", 60)).toEqual({ a: 30, b: 10, c: 60 });
    expect(shifted({ a: 100, b: 0, c: 0 }, "a", 99)).toEqual({ a: 99, b: 1, c: 0 });
  });

  it("may be less than a hundred where there is one", () => {
    expect(shifted({ a: 100 }, "a", 0)).toEqual({ a: 0 });
  });
});

const COLUMNS = [
  { name: "age", type: "integer" },
  { name: "city", type: "string" },
  { name: "old", type: "boolean" },
];

describe("a request", () => {
  it("is read from what the endpoint says of itself", () => {
    const input = {
      properties: { input_data: { properties: { columns: { items: { enum: ["age"] } } } } },
      "x-columns": { age: { type: "integer" } },
      example: { input_data: { columns: ["age"], data: [[0]] } },
    };
    const asked = askedOf({ definitions: { ServiceInput: input } });
    expect(asked.columns).toEqual([{ name: "age", type: "integer" }]);
    expect(JSON.parse(asked.example)).toEqual(input.example);
    expect(askedOf({ components: { schemas: { ServiceInput: input } } })).toEqual(asked);
  });

  it("is made up where there is no example", () => {
    const properties = {
      data: { type: "array", items: { type: "number" } },
      mode: { type: "string", enum: ["a", "b"] },
      how: { type: "object", properties: { fast: { type: "boolean" } } },
    };
    const { example } = askedOf({ definitions: { ServiceInput: { type: "object", properties } } });
    expect(JSON.parse(example)).toEqual({ data: [0], mode: "a", how: { fast: false } });
  });

  it("survives a description that is none", () => {
    for (const said of [null, 3, "x", [], {}, { definitions: { ServiceInput: 1 } }]) {
      expect(askedOf(said)).toEqual({ columns: [], example: "{}" });
    }
    const endless: Record<string, unknown> = { type: "array" };
    endless.items = endless;
    expect(askedOf({ definitions: { ServiceInput: endless } }).example).toContain("null");
  });

  it("goes from rows to a body and back", () => {
    const rows = [
      ["41", "Bonn", "true"],
      ["", "1", "false"],
    ];
    const body = bodyOf(COLUMNS, rows);
    expect(JSON.parse(body)).toEqual({
      input_data: {
        columns: ["age", "city", "old"],
        index: [0, 1],
        data: [
          [41, "Bonn", true],
          [null, "1", false],
        ],
      },
    });
    expect(rowsOf(COLUMNS, body)).toEqual(rows);
    expect(rowsOf(COLUMNS, "{")).toBeUndefined();
    expect(rowsOf(COLUMNS, '{"input_data": {"columns": ["other"], "data": []}}')).toBeUndefined();
  });
});

describe("what is copied", () => {
  it("moves the traffic as the sliders do", () => {
    const { cli } = written("blue", "wine", { a: 80, b: 20 }, { c: 5 });
    expect(cli).toBe(
      'zaffre online-endpoint update --name wine --traffic "a=80 b=20" --mirror-traffic "c=5" -w blue\n',
    );
  });

  it("asks where the endpoint is, with what it wants to see", () => {
    const endpoint = {
      name: "wine",
      spec: { name: "wine", auth_mode: "aml_token" as const },
      state: { provisioning_state: "Succeeded", scoring_uri: "http://here/score" },
    };
    const calls = callsOf("default", endpoint, "{}");
    expect(calls.curl).toContain("curl http://here/score");
    expect(calls.curl).toContain("accessToken");
    expect(calls.python).toContain("Bearer {TOKEN}");
  });
});

describe("replicas", () => {
  it("are a number, or what the load needs", () => {
    expect(scaleOf({ how: "default", instance_count: "3" })).toEqual({
      instance_count: 3,
      scale_settings: { type: "default" },
    });
    expect(
      scaleOf({ how: "target_utilization", min: "0", max: "4", measure: "concurrency", target: "2", cool_down: "" }),
    ).toEqual({
      scale_settings: { type: "target_utilization", min_instances: 0, max_instances: 4, target: { concurrency: 2 } },
    });
  });
});

it("curves of several deployments share their times", () => {
  const at = (until: string, requests: number) => ({ until, requests }) as Reading;
  const drawn = curves(
    [
      ["a", [at("2026-01-01T00:00:10Z", 1)]],
      ["b", [at("2026-01-01T00:00:10Z", 2), at("2026-01-01T00:00:20Z", 3)]],
    ],
    [["", (one) => one.requests]],
  );
  expect(drawn.runs).toEqual(["a", "b"]);
  expect(drawn.columns.slice(1)).toEqual([
    [1, null],
    [2, 3],
  ]);
});
