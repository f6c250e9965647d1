/** Readings of several deployments as what a chart draws. */
import type { Reading } from "../../api/endpoints";
import type { Drawn } from "../../charts/series";

/** What a curve is called beside its deployment, and what it shows of a reading. */
export type Measure = [name: string, of: (reading: Reading) => number | null];

export function curves(all: readonly (readonly [string, readonly Reading[]])[], measures: readonly Measure[]): Drawn {
  const time = (reading: Reading) => Math.round(Date.parse(reading.until ?? "") / 1000);
  const xs = [...new Set(all.flatMap(([, readings]) => readings.map(time)))].sort((a, b) => a - b);
  const lines = all.flatMap(([deployment, readings]) =>
    measures.map(([name, of]): [string, (number | null)[]] => {
      const at = new Map(readings.map((reading) => [time(reading), of(reading)]));
      return [name ? `${deployment} ${name}` : deployment, xs.map((x) => at.get(x) ?? null)];
    }),
  );
  return { runs: lines.map(([name]) => name), columns: [xs, ...lines.map(([, values]) => values)] };
}
