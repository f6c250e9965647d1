/** Traffic divided among deployments: whole percents that are a hundred together, or none at all. */

export type Shares = Record<string, number>;

/** One share set; the others keep their proportions in what is left. */
export function shifted(shares: Shares, name: string, percent: number): Shares {
  const set = Math.max(0, Math.min(100, Math.round(percent)));
  const others = Object.keys(shares).filter((other) => other !== name);
  if (others.length === 0) return { [name]: set };
  const left = 100 - set;
  const before = others.reduce((sum, other) => sum + (shares[other] ?? 0), 0);
  const wanted = others.map((other) => (before > 0 ? ((shares[other] ?? 0) * left) / before : left / others.length));
  return { ...shares, ...Object.fromEntries(rounded(others, wanted, left)), [name]: set };
}

export function total(shares: Shares): number {
  return Object.values(shares).reduce((sum, share) => sum + share, 0);
}

/** Whole numbers that come to `sum`: what rounding down leaves goes to those that lost most. */
function rounded(names: string[], wanted: number[], sum: number): [string, number][] {
  const whole = wanted.map(Math.floor);
  const order = names.map((_, at) => at).sort((a, b) => lost(wanted, whole, b) - lost(wanted, whole, a));
  let rest = sum - whole.reduce((all, one) => all + one, 0);
  for (const at of order) {
    if (rest <= 0) break;
    whole[at] = (whole[at] ?? 0) + 1;
    rest -= 1;
  }
  return names.map((name, at) => [name, whole[at] ?? 0]);
}

function lost(wanted: number[], whole: number[], at: number): number {
  return (wanted[at] ?? 0) - (whole[at] ?? 0);
}
