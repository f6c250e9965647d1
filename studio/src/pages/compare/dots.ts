/** Runs as points over two of their numbers. Pure. */
import { colorOf } from "../../charts/colors";
import type { Dot } from "../../charts/Scatter";
import type { Row } from "./differing";

const AXES: readonly Row["group"][] = ["Metrics", "Parameters", "System"];

/** What can be an axis: a number in at least two runs; what differs comes first. */
export function numeric(rows: readonly Row[]): Row[] {
  return rows
    .filter(({ group, values }) => AXES.includes(group) && values.filter(isNumber).length > 1)
    .sort((a, b) => AXES.indexOf(a.group) - AXES.indexOf(b.group) || Number(b.isDiffering) - Number(a.isDiffering));
}

export const idOf = ({ group, key }: Row) => `${group} ${key}`;

/** Those runs that have both. */
export function dotsOf(names: readonly string[], x: Row, y: Row): Dot[] {
  return names.flatMap((name, at) => {
    const [across, up] = [x.values[at], y.values[at]];
    if (!isNumber(across) || !isNumber(up)) return [];
    return [{ name, x: Number(across), y: Number(up), color: colorOf(name) }];
  });
}

const isNumber = (value: string | number | undefined) =>
  value !== undefined && value !== "" && Number.isFinite(Number(value));
