import { expect, test } from "vitest";
import { cursorAfter, type Job, type JobPage } from "../src/api/jobs";
import { flat, mergeFirst, patched } from "../src/api/pages";

const BEGUN = Date.parse("2026-01-01T00:00:00Z");

function job(name: string, second: number, status = "Running"): Job {
  const at = new Date(BEGUN + second * 1000).toISOString();
  const system = { created_at: at, created_by: "user:ada", modified_at: at, modified_by: "user:ada", archived: false };
  return { id: name, kind: "job", name, spec: {}, state: { status }, system } as Job;
}

const page = (jobs: Job[], more = true): JobPage => ({ jobs, more });
const names = (jobs: Job[]) => jobs.map(({ name }) => name).join("");

test("a job that two pages have is shown once, as the first of them has it", () => {
  const shown = flat([page([job("c", 3), job("b", 2, "Completed")]), page([job("b", 2), job("a", 1)])]);
  expect(names(shown)).toBe("cba");
  expect(shown[1]?.state.status).toBe("Completed");
});

test("new jobs come to the top and push nothing out", () => {
  const old = page([job("d", 4), job("c", 3), job("b", 2)]);
  const merged = mergeFirst(page([job("f", 6), job("e", 5), job("d", 4, "Failed")]), old);
  expect(names(merged.jobs)).toBe("fedcb");
  expect(merged.jobs[2]?.state.status).toBe("Failed");
  expect(merged.more).toBe(true);
});

test("what is gone from the part that was read anew is gone", () => {
  const merged = mergeFirst(
    page([job("d", 4), job("b", 2)]),
    page([job("d", 4), job("c", 3), job("b", 2), job("a", 1)]),
  );
  expect(names(merged.jobs)).toBe("dba");
  expect(names(mergeFirst(page([job("d", 4)], false), page([job("d", 4), job("c", 3)])).jobs)).toBe("d");
});

test("a changed row is replaced, one that no longer belongs there goes", () => {
  const found = new Map([["c", job("c", 3, "Completed")], ["b", null]]); // prettier-ignore
  const [only] = patched([page([job("c", 3), job("b", 2), job("a", 1)])], found);
  expect(names(only?.jobs ?? [])).toBe("ca");
  expect(only?.jobs[0]?.state.status).toBe("Completed");
});

test("the next page begins where no job of the same instant is left out", () => {
  const last = job("a", 1);
  last.system.created_at = "2026-01-01T00:00:01.000999Z";
  expect(Date.parse(cursorAfter(page([last])) ?? "")).toBeGreaterThan(Date.parse("2026-01-01T00:00:01.000Z"));
  expect(cursorAfter(page([last], false))).toBeUndefined();
  expect(cursorAfter(page([]))).toBeUndefined();
});
