/** The canvas: steps are moved, bound by their ports, chosen and deleted; whatever cannot be bound says why. */
import {
  Background,
  type Connection,
  Controls,
  type Edge,
  MiniMap,
  type NodeChange,
  type NodeTypes,
  applyNodeChanges,
  ReactFlow,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { type DragEvent, useCallback, useMemo, useState } from "react";
import type { Job } from "../../api/jobs";
import {
  type Bond,
  bondsOf,
  type Drawing,
  makesCycle,
  type Spot,
  stepsOf,
  withBond,
  without,
} from "../../graph/drawing";
import { family, type Interface, misfit } from "../../graph/ports";
import { useTheme } from "../../lib/hooks";
import { type CanvasNode, GroupShown, heightOf, NoteShown, StepShown, WIDTH } from "./StepNode";

export const COMPONENT = "application/x-zaffre-component";

interface Props {
  drawing: Drawing;
  interfaces: Record<string, Interface>;
  jobs: ReadonlyMap<string, Job>;
  wrong: ReadonlyMap<string, string>;
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
  onChange: (to: (now: Drawing) => Drawing, about?: string) => void;
  onSay: (why: string) => void;
  onDrop: (reference: string, spot: Spot) => void;
}

const TYPES: NodeTypes = { step: StepShown, note: NoteShown, group: GroupShown };
/** From this zoom on, outwards, a step is its name and its status. */
const FAR = 0.5;
const GRID: [number, number] = [10, 10];

export function Canvas(props: Props) {
  const { drawing, interfaces, chosen, onChoose, onChange, onSay, onDrop } = props;
  const [theme] = useTheme();
  const flow = useReactFlow();
  const isFar = useStore(({ transform }) => transform[2] < FAR);
  const wanted = useNodes(props);
  const [nodes, setNodes] = useState<CanvasNode[]>(wanted);
  const [drawn, setDrawn] = useState(wanted);
  if (drawn !== wanted) {
    setDrawn(wanted);
    setNodes((was) => {
      const measured = new Map(was.map((node) => [node.id, node.measured])); // stays with its node
      return wanted.map((node) => ({ ...node, measured: measured.get(node.id) })) as CanvasNode[];
    });
  }
  const edges = useMemo(() => edgesOf(drawing, interfaces), [drawing, interfaces]);
  const refusal = useCallback(
    (bond: Bond) => {
      const [from, to] = [interfaces[bond.from]?.outputs[bond.output], interfaces[bond.to]?.inputs[bond.input]];
      if (makesCycle(drawing, bond.from, bond.to))
        return "that would lead the step back to itself: a circle never begins";
      return from && to ? misfit(from, to) : undefined;
    },
    [drawing, interfaces],
  );
  const moved = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      setNodes((was) => applyNodeChanges(changes, was));
      const picks = changes.filter((change) => change.type === "select");
      if (picks.length > 0) onChoose(pickedAfter(chosen, picks));
      const places = changes.filter((change) => change.type === "position" && !change.dragging && change.position);
      if (places.length > 0) onChange((now) => placed(now, places));
    },
    [chosen, onChoose, onChange],
  );
  const dropped = (event: DragEvent) => {
    const reference = event.dataTransfer.getData(COMPONENT);
    if (!reference) return;
    event.preventDefault();
    onDrop(reference, flow.screenToFlowPosition({ x: event.clientX - WIDTH / 2, y: event.clientY - 20 }));
  };
  return (
    <div className={isFar ? "canvas far" : "canvas"} onDrop={dropped} onDragOver={(event) => event.preventDefault()}>
      <ReactFlow
        aria-label="Canvas"
        nodes={nodes}
        edges={edges}
        nodeTypes={TYPES}
        colorMode={theme}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.2 }}
        minZoom={0.1}
        snapToGrid
        snapGrid={GRID}
        deleteKeyCode={["Delete", "Backspace"]}
        onNodesChange={moved}
        onBeforeDelete={({ nodes: gone, edges: cut }) => {
          onChange((now) => cutOff(without(now, new Set(gone.map(({ id }) => id))), cut));
          onChoose(new Set());
          return Promise.resolve(false); // it is the drawing that changes, and the canvas follows
        }}
        onConnect={(connection) => {
          const bond = bondOf(connection);
          if (bond) onChange((now) => withBond(now, bond));
        }}
        isValidConnection={(connection) => {
          const bond = bondOf(connection);
          return bond !== undefined && refusal(bond) === undefined;
        }}
        onConnectEnd={(_, { isValid, fromHandle, toHandle }) => {
          if (isValid || !fromHandle || !toHandle) return;
          const [from, to] = fromHandle.type === "source" ? [fromHandle, toHandle] : [toHandle, fromHandle];
          if (from.type === to.type) return onSay("An output goes to an input.");
          const why = refusal({ from: from.nodeId, output: from.id ?? "", to: to.nodeId, input: to.id ?? "" });
          if (why) onSay(`${from.nodeId}.${from.id} cannot go to ${to.nodeId}.${to.id}: ${why}.`);
        }}
      >
        <Background />
        <Controls showInteractive={false} />
        {nodes.length > 8 && <MiniMap pannable aria-label="Overview" />}
      </ReactFlow>
    </div>
  );
}

function useNodes({ drawing, interfaces, jobs, wrong, chosen, onChange }: Props): CanvasNode[] {
  return useMemo(() => {
    const heights = (name: string) => heightOf(interfaces[name] ?? NOTHING);
    const groups = drawing.groups.map((group): CanvasNode => {
      const box = boxOf(drawing, group.steps, heights);
      const rename = (title: string) =>
        onChange(
          (now) => ({ ...now, groups: now.groups.map((one) => (one.id === group.id ? { ...one, title } : one)) }),
          `group ${group.id}`,
        );
      return {
        id: group.id, type: "group", position: { x: box.x, y: box.y }, zIndex: -1, draggable: false,
        style: { width: box.width, height: box.height }, selected: chosen.has(group.id), data: { title: group.title, rename },
      }; // prettier-ignore
    });
    const steps = Object.entries(stepsOf(drawing)).map(([name, step]): CanvasNode => ({
      id: name,
      type: "step",
      position: drawing.spots[name] ?? { x: 0, y: 0 },
      selected: chosen.has(name),
      ariaLabel: `Step ${name}`,
      data: {
        name,
        about: interfaces[name] ?? NOTHING,
        job: jobs.get(name),
        wrong: wrong.get(name),
        bound: Object.keys(step.inputs ?? {}),
      },
    }));
    const notes = drawing.notes.map((note): CanvasNode => ({
      id: note.id,
      type: "note",
      position: { x: note.x, y: note.y },
      selected: chosen.has(note.id),
      data: {
        text: note.text,
        write: (text) =>
          onChange(
            (now) => ({ ...now, notes: now.notes.map((one) => (one.id === note.id ? { ...one, text } : one)) }),
            `note ${note.id}`,
          ),
      },
    }));
    return [...groups, ...steps, ...notes];
  }, [drawing, interfaces, jobs, wrong, chosen, onChange]);
}

const NOTHING: Interface = { title: "", description: "", inputs: {}, outputs: {} };

function boxOf(drawing: Drawing, steps: string[], heightOfStep: (name: string) => number) {
  const spots = steps.flatMap((step) => {
    const at = drawing.spots[step] ?? { x: 0, y: 0 };
    return step in stepsOf(drawing) ? [{ ...at, bottom: at.y + heightOfStep(step) }] : [];
  });
  const x = Math.min(...spots.map((at) => at.x)) - 20;
  const y = Math.min(...spots.map((at) => at.y)) - 44;
  const width = Math.max(...spots.map((at) => at.x)) + WIDTH + 20 - x;
  return { x, y, width, height: Math.max(...spots.map((at) => at.bottom)) + 20 - y };
}

function edgesOf(drawing: Drawing, interfaces: Record<string, Interface>): Edge[] {
  return bondsOf(drawing).map(({ from, output, to, input }) => ({
    id: `${from}.${output}-${to}.${input}`,
    source: from,
    sourceHandle: output,
    target: to,
    targetHandle: input,
    className: family(interfaces[from]?.outputs[output]?.type),
    ariaLabel: `${output} of ${from} goes to ${input} of ${to}`,
  }));
}

function bondOf({ source, sourceHandle, target, targetHandle }: Connection | Edge): Bond | undefined {
  if (!sourceHandle || !targetHandle) return undefined;
  return { from: source, output: sourceHandle, to: target, input: targetHandle };
}

function pickedAfter(chosen: ReadonlySet<string>, changes: readonly NodeChange<CanvasNode>[]): ReadonlySet<string> {
  const next = new Set(chosen);
  for (const change of changes) {
    if (change.type !== "select") continue;
    if (change.selected) next.add(change.id);
    else next.delete(change.id);
  }
  return next;
}

function placed(now: Drawing, changes: readonly NodeChange<CanvasNode>[]): Drawing {
  const spots: Record<string, Spot> = {};
  for (const change of changes) if (change.type === "position" && change.position) spots[change.id] = change.position;
  const same = Object.entries(spots).every(([id, spot]) => {
    const was = now.spots[id] ?? now.notes.find((note) => note.id === id);
    return was?.x === spot.x && was.y === spot.y;
  });
  if (same) return now; // chosen, and not moved
  const steps = Object.fromEntries(Object.entries(spots).filter(([id]) => id in stepsOf(now)));
  return {
    ...now,
    spots: { ...now.spots, ...steps },
    notes: now.notes.map((note) => ({ ...note, ...spots[note.id] })),
  };
}

function cutOff(drawing: Drawing, edges: readonly Edge[]): Drawing {
  const jobs = { ...stepsOf(drawing) };
  for (const { target, targetHandle } of edges) {
    const step = jobs[target];
    if (!step || !targetHandle) continue;
    const kept = Object.entries(step.inputs ?? {}).filter(([input]) => input !== targetHandle);
    jobs[target] = { ...step, inputs: Object.fromEntries(kept) };
  }
  return edges.length > 0 ? { ...drawing, document: { ...drawing.document, jobs } } : drawing;
}
