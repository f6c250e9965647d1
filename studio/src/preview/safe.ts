/** Markdown and HTML that somebody else wrote, made into what a page of ours may hold: no scripts, no forms, no other host. */
import DOMPurify from "dompurify";
import { marked } from "marked";

const RULES = {
  USE_PROFILES: { html: true },
  ALLOW_DATA_ATTR: false,
  FORBID_TAGS: ["style", "form", "input", "button", "iframe", "video", "audio", "source", "link", "base", "meta"],
  FORBID_ATTR: ["style", "class", "id", "name", "srcset", "background", "ping"],
};

export function safeHtml(html: string): string {
  const cleaner = DOMPurify();
  cleaner.addHook("afterSanitizeAttributes", (node) => {
    if (node.tagName === "IMG" && !node.getAttribute("src")?.startsWith("data:image/")) node.remove();
    else if (node.tagName === "IMG" && !node.hasAttribute("alt")) node.setAttribute("alt", "");
    if (node.tagName === "A") {
      node.setAttribute("rel", "noopener noreferrer nofollow");
      node.setAttribute("target", "_blank");
    }
  });
  return cleaner.sanitize(unheard(html), RULES);
}

/** Handlers go either way; under a name that is none, the browser does not complain of them before they went. */
function unheard(html: string): string {
  return html.replaceAll(/<[^>]*>/g, (tag) => tag.replaceAll(/([\s"'/])on[a-z]+\s*=/gi, "$1data-off="));
}

export function safeMarkdown(text: string): string {
  return safeHtml(marked.parse(text, { async: false, gfm: true }));
}
