/** How numeric columns go together: every pair, from −1 (one falls as the other rises) over 0 to 1. */
import type { Correlation } from "../../api/data";
import { Card } from "../../kit/Card";

export function Matrix({ columns, values }: Correlation) {
  return (
    <Card title="Correlation">
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <div className="matrix" tabIndex={0} role="region" aria-label="Correlation of numeric columns">
        <table>
          <thead>
            <tr>
              <td />
              {columns.map((name) => (
                <th key={name} scope="col" title={name}>
                  <bdi>{name}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {columns.map((name, row) => (
              <tr key={name}>
                <th scope="row" title={name}>
                  <bdi>{name}</bdi>
                </th>
                {columns.map((other, column) => (
                  <Cell key={other} pair={`${name} and ${other}`} value={values[row]?.[column] ?? null} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet small">Pearson&apos;s, over the rows in which both are numbers.</p>
    </Card>
  );
}

function Cell({ pair, value }: { pair: string; value: number | null }) {
  if (value === null) return <td title={`${pair}: none`}>–</td>;
  const share = Math.round(Math.abs(value) * 45);
  const background = `color-mix(in srgb, var(${value < 0 ? "--bad" : "--busy"}) ${share}%, var(--surface))`;
  return (
    <td className="number" style={{ background }} title={`${pair}: ${value.toFixed(4)}`}>
      {value.toFixed(2).replace("-", "−")}
    </td>
  );
}
