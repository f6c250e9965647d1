import { expect, test } from "vitest";
import { delimited, separatorOf } from "../src/preview/delimited";
import { shownAs } from "../src/preview/kinds";
import { cellsOf } from "../src/preview/notebook";
import { safeHtml, safeMarkdown } from "../src/preview/safe";

test("a file is shown by the ending of its name", () => {
  expect(["a.PNG", "b.csv", "c.json", "d.ipynb", "e.HTML", "f.pdf", "g", "h.md"].map(shownAs)).toEqual([
    "image", "table", "json", "notebook", "page", "pdf", "text", "markdown",
  ]); // prettier-ignore
});

test("delimited text with quotes, line ends inside them, and none at the end", () => {
  const found = delimited('a,b\r\n"x ""y"", z","two\nlines"\n,\n\nlast', ",");
  expect(found.head).toEqual(["a", "b"]);
  expect(found.rows).toEqual([['x "y", z', "two\nlines"], ["", ""], ["last"]]);
  expect([found.uneven, found.isOpen]).toEqual([1, false]);
  expect(delimited('a\n"never', ",").isOpen).toBe(true);
  expect(delimited("", ",")).toEqual({ head: [], rows: [], uneven: 0, isOpen: false });
  expect(delimited("a|b\n1|2", "|").rows).toEqual([["1", "2"]]);
  expect(separatorOf("x.csv", "a;b;c\n1,2;3")).toBe(";");
  expect(separatorOf("x.tsv", "a,b")).toBe("\t");
});

test("a hundred thousand rows in a moment", () => {
  const text = `a,b\n${'"some ""text""",12.5\n'.repeat(100_000)}`;
  const begun = performance.now();
  expect(delimited(text, ",").rows.length).toBe(100_000);
  expect(performance.now() - begun).toBeLessThan(2000);
});

test("a notebook's cells, of both formats", () => {
  const cells = cellsOf(
    JSON.stringify({
      cells: [
        { cell_type: "markdown", source: ["# T", "x"] },
        {
          cell_type: "code",
          source: "1",
          execution_count: 2,
          outputs: [
            { output_type: "stream", text: ["\u001b[31mred\u001b[0m"] },
            { output_type: "display_data", data: { "image/png": 'aGk=\n"><script>' } },
            { output_type: "execute_result", data: { "text/plain": ["one"] } },
            { output_type: "error", evalue: "no" },
          ],
        },
        null,
      ],
    }),
  );
  expect(cells[0]?.source).toBe("# Tx");
  expect(cells[1]?.outputs).toEqual([
    { kind: "text", text: "red" },
    { kind: "image", source: "data:image/png;base64,aGk=script" },
    { kind: "text", text: "one" },
    { kind: "error", text: "no" },
  ]);
  expect(cells[2]).toEqual({ kind: "code", source: "", count: null, outputs: [] });
  expect(cellsOf(JSON.stringify({ worksheets: [{ cells: [{ cell_type: "code", input: "x" }] }] }))[0]?.source).toBe(
    "x",
  );
  expect(() => cellsOf("{}")).toThrow("it has no cells");
  expect(() => cellsOf("{")).toThrow();
});

test("nothing that runs, asks another host or looks like ours is left of what others wrote", () => {
  const html = safeHtml(
    `<img src=x onerror=alert(1)><img src="data:image/png;base64,x"><a href="javascript:alert(1)">a</a><script>1</script>
     <style>*{display:none}</style><form action=/logout><button>b</button></form><iframe src="//x"></iframe><b id=root class=x style="position:fixed">c</b>`,
  );
  expect(html).not.toMatch(/onerror|script|<style|<form|<button|<iframe|src="x"|class=|id=|style=/i);
  expect(html).toContain("<b>c</b>");
  expect(html).toContain('rel="noopener noreferrer nofollow"');
  expect(safeMarkdown("[a](https://b) **c** if a onerror = b")).toContain("onerror = b");
});
