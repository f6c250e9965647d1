/** A question or a form above the page; Escape and the cross close it, and the focus goes back where it was. */
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";

interface Props {
  title: string;
  about?: ReactNode;
  isWide?: boolean;
  onClose: () => void;
  children: ReactNode;
}

export function Dialog({ title, about, isWide, onClose, children }: Props) {
  return (
    <Radix.Root open onOpenChange={(is) => !is && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="overlay" />
        <Radix.Content className={`dialog${isWide ? " wide" : ""}`} aria-describedby={undefined}>
          <header>
            <Radix.Title className="grow">{title}</Radix.Title>
            <Radix.Close className="button plain icon" aria-label="Close">
              <X size={16} aria-hidden />
            </Radix.Close>
          </header>
          <div className="inside">
            {about && <p className="quiet">{about}</p>}
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
