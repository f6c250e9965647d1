/** Measures of the machine among a run's metrics, those most looked at first. Pure. */

const FIRST = [/cpu_utilization/, /gpu.*utilization/, /gpu.*memory/, /memory_usage_mega/, /memory/, /network/, /disk/];

export function systemOrder(keys: readonly string[]): string[] {
  const rank = (key: string) => {
    const at = FIRST.findIndex((wanted) => wanted.test(key));
    return at < 0 ? FIRST.length : at;
  };
  return [...keys].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}
