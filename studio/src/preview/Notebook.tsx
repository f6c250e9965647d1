/** A notebook with what its cells have answered; HTML without scripts, and what is broken as the text that it is. */
import { useMemo } from "react";
import { Lines } from "./Lines";
import { type Cell, cellsOf, type Output } from "./notebook";
import { Read, type Viewed } from "./Read";
import { safeHtml, safeMarkdown } from "./safe";

const MOST = 10 * 1024 * 1024;

export function NotebookView(viewed: Viewed) {
  return (
    <Read {...viewed} most={MOST}>
      {(text) => <Notebook path={viewed.file.path} text={text} />}
    </Read>
  );
}

function Notebook({ path, text }: { path: string; text: string }) {
  const { cells, wrong } = useMemo(() => read(text), [text]);
  if (!cells) {
    return (
      <>
        <p className="notice" role="status">
          This is no notebook: {wrong}
        </p>
        <Lines label={path} text={text} />
      </>
    );
  }
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className="notebook text" tabIndex={0}>
      {cells.map((cell, at) => (
        <CellShown key={at} cell={cell} />
      ))}
    </div>
  );
}

function read(text: string): { cells?: Cell[]; wrong?: string } {
  try {
    return { cells: cellsOf(text) };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}

function CellShown({ cell }: { cell: Cell }) {
  const html = useMemo(() => (cell.kind === "markdown" ? safeMarkdown(cell.source) : ""), [cell]);
  if (cell.kind === "markdown") return <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
  return (
    <section className="cell-shown">
      <span className="quiet small number">{cell.kind === "code" ? `[${cell.count ?? " "}]` : ""}</span>
      <div className="grow">
        <pre className="command">{cell.source}</pre>
        {cell.outputs.map((output, at) => (
          <OutputShown key={at} output={output} />
        ))}
      </div>
    </section>
  );
}

function OutputShown({ output }: { output: Output }) {
  if (output.kind === "image") return <img className="picture" src={output.source} alt="Output of the cell" />;
  if (output.kind === "html") {
    return <div className="prose" dangerouslySetInnerHTML={{ __html: safeHtml(output.html) }} />;
  }
  return <pre className={output.kind === "error" ? "wrong" : undefined}>{output.text}</pre>;
}
