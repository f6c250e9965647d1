/** What every step takes and leaves: of its registered component, of the component written out, or of the job it is. */
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Known, placeOf } from "../../api/drafts";
import { getJson } from "../../api/client";
import type { Resource } from "../../api/resources";
import type { DrawnStep } from "../../graph/drawing";
import { type Interface, interfaceOf } from "../../graph/ports";

export function useInterfaces(
  ws: string,
  steps: Record<string, DrawnStep>,
  known: readonly Known[],
): Record<string, Interface> {
  const named = [...new Set(Object.values(steps).map((step) => step.component ?? step.trial))].filter(
    (said): said is string => typeof said === "string" && !known.some(({ reference }) => reference === said),
  );
  const asked = useQueries({
    queries: named.map((reference) => {
      const url = placeOf(ws, reference);
      return {
        queryKey: ["components", ws, "interface", reference],
        queryFn: () => getJson<Resource>(url ?? ""),
        enabled: url !== undefined,
        staleTime: Infinity,
        retry: false,
      };
    }),
  });
  const told = JSON.stringify(asked.map(({ data }) => data?.spec ?? null));
  const seen = JSON.stringify(steps);
  const all = JSON.stringify(known.map(({ reference }) => reference));
  return useMemo(() => {
    const specs = JSON.parse(told) as (Record<string, unknown> | null)[];
    const byReference = new Map<string, Interface>(known.map(({ reference, about }) => [reference, about]));
    named.forEach((reference, at) => {
      const spec = specs[at];
      if (spec) byReference.set(reference, interfaceOf(spec, reference));
    });
    return Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, ofStep(name, step, byReference)]));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- by what they say, not by which object says it
  }, [told, seen, all]);
}

function ofStep(name: string, step: DrawnStep, byReference: ReadonlyMap<string, Interface>): Interface {
  const said = step.component ?? step.trial;
  if (typeof said === "string") return byReference.get(said) ?? bare(name, step);
  if (typeof said === "object" && said !== null) return interfaceOf(said as Record<string, unknown>, name);
  return bare(name, step);
}

/** What a step that is a job says of its own ends. */
function bare(name: string, step: DrawnStep): Interface {
  const ends = (side: unknown) =>
    Object.fromEntries(
      Object.entries((side ?? {}) as Record<string, unknown>).map(([end, said]) => {
        const type = typeof said === "object" && said !== null && "type" in said ? String(said.type) : undefined;
        return [end, { ...(type ? { type } : {}), optional: true }];
      }),
    );
  return {
    title: String(step.display_name ?? name),
    description: "",
    inputs: ends(step.inputs),
    outputs: ends(step.outputs),
  };
}
