/** Places in which two documents differ, each with both values. */

export function Fields({ of }: { of: { path: string; before: unknown; after: unknown }[] }) {
  if (of.length === 0) return null;
  return (
    <table className="values">
      <tbody>
        {of.map(({ path, before, after }) => (
          <tr key={path}>
            <th scope="row">{path}</th>
            <td>
              <code className="before">{said(before)}</code>
              <br />
              <code className="after">{said(after)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function said(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value);
}
