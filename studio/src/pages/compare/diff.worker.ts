/** Compares two texts away from the page, which stays smooth meanwhile. */
import { diff, type Line, linesOf } from "../../lib/linediff";

export interface Texts {
  before: string;
  after: string;
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Texts>) => void;
  postMessage: (lines: Line[]) => void;
};

scope.onmessage = ({ data }) => scope.postMessage(diff(linesOf(data.before), linesOf(data.after)));
