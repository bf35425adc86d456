// A button that puts text on the clipboard and says so, to the eye and to a screen reader.
import { useEffect, useState } from "preact/hooks";
import { CheckIcon, CopyIcon } from "./icons";

// Clipboard access needs a secure context; over plain HTTP from another host the old way is the only one.
async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  area.className = "hidden-visually";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("the browser refused");
}

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => setSaid(""), 2_500);
    return () => clearTimeout(timer);
  }, [said]);
  const click = () =>
    copy(text).then(
      () => setSaid("Copied"),
      () => setSaid("Could not copy: select the text instead"),
    );
  return (
    <button type="button" onClick={click} aria-label={said === "" ? `Copy ${what}` : undefined}>
      {said === "Copied" ? <CheckIcon /> : <CopyIcon />}
      <span role="status">{said || "Copy"}</span>
    </button>
  );
}
