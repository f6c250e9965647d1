/** What lies on the canvas: steps with their ports, notes, and frames around groups. */
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import type { Job } from "../../api/jobs";
import { family, type Interface, isNeeded, isValue } from "../../graph/ports";
import { StatusBadge, statusTone } from "../../kit/StatusBadge";

export type StepNode = Node<
  { name: string; about: Interface; job: Job | undefined; wrong: string | undefined; bound: string[] },
  "step"
>;
export type NoteNode = Node<{ text: string; write: (text: string) => void }, "note">;
export type GroupNode = Node<{ title: string; rename: (title: string) => void }, "group">;
export type CanvasNode = StepNode | NoteNode | GroupNode;

export const WIDTH = 220;
const HEAD = 52;
const ROW = 24;

export const portsOf = (about: Interface) => ({
  taken: Object.entries(about.inputs).filter(([, declared]) => !isValue(declared)),
  left: Object.entries(about.outputs),
});

export function heightOf(about: Interface): number {
  const { taken, left } = portsOf(about);
  return HEAD + ROW * Math.max(taken.length, left.length, 1) + 6;
}

export const StepShown = memo(function StepShown({ data, selected }: NodeProps<StepNode>) {
  const { name, about, job, wrong, bound } = data;
  const { taken, left } = portsOf(about);
  const tone = job ? statusTone(job.state.status) : "none";
  return (
    <div
      className={`drawn ${tone}${selected ? " selected" : ""}${wrong ? " wrong-step" : ""}`}
      style={{ height: heightOf(about) }}
    >
      <div className="drawn-head" title={wrong ?? about.title}>
        <span className="ellipsis">{name}</span>
        {job ? <StatusBadge status={job.state.status} /> : <span className="ellipsis quiet small">{about.title}</span>}
      </div>
      {taken.map(([port, declared], at) => (
        <span key={port} className="port left" style={{ top: HEAD + at * ROW }}>
          <Handle
            type="target"
            id={port}
            position={Position.Left}
            className={`${family(declared.type)}${isNeeded(declared) && !bound.includes(port) ? " open" : ""}`}
            title={`${port}: ${declared.type ?? "anything"}`}
          />
          <span className="ellipsis">{port}</span>
        </span>
      ))}
      {left.map(([port, declared], at) => (
        <span key={port} className="port right" style={{ top: HEAD + at * ROW }}>
          <span className="ellipsis">{port}</span>
          <Handle
            type="source"
            id={port}
            position={Position.Right}
            className={family(declared.type)}
            title={`${port}: ${declared.type ?? "anything"}`}
          />
        </span>
      ))}
    </div>
  );
});

export const NoteShown = memo(function NoteShown({ data, selected }: NodeProps<NoteNode>) {
  return (
    <div className={`note-node${selected ? " selected" : ""}`}>
      <textarea
        className="nodrag nowheel"
        aria-label="Note"
        value={data.text}
        placeholder="A note"
        onChange={(event) => data.write(event.target.value)}
      />
    </div>
  );
});

export const GroupShown = memo(function GroupShown({ data }: NodeProps<GroupNode>) {
  return (
    <div className="group-node">
      <input
        className="nodrag"
        aria-label="Title of the group"
        value={data.title}
        placeholder="Group"
        onChange={(event) => data.rename(event.target.value)}
      />
    </div>
  );
});
