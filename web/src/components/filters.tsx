// Filters that live in the URL: each control shows one query parameter and writes it back.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { useTargets } from "../api/targets";
import { go, hrefWith, place } from "../router";

const kTypingMs = 250;

export const param = (name: string): string => place.value.query.get(name) ?? "";

interface SearchProps {
  label: string;
  placeholder: string;
}

// The parameter "q". Each pause in typing is a search; only the first one is an entry of the history.
export function SearchBox({ label, placeholder }: SearchProps) {
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  const wanted = param("q");
  const [text, setText] = useState(wanted);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(wanted), [wanted]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (param("focus") !== "search") return;
    go(hrefWith({ focus: null }), "replace");
    box.current?.focus();
  }, []);
  const search = (value: string) => {
    clearTimeout(timer.current);
    if (value.trim() !== wanted) go(hrefWith({ q: value.trim() }), wanted === "" ? "push" : "replace");
  };
  return (
    <form
      class="field grow"
      onSubmit={(event) => {
        event.preventDefault();
        search(text);
      }}
    >
      <label for={id}>{label}</label>
      <input
        id={id}
        ref={box}
        type="search"
        placeholder={placeholder}
        value={text}
        autocomplete="off"
        spellcheck={false}
        maxLength={200}
        onInput={(event) => {
          const value = event.currentTarget.value;
          setText(value);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => search(value), kTypingMs);
        }}
      />
    </form>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  // The first one stands for the parameter being absent if its value is "".
  options: readonly { value: string; text: string }[];
}

export function Choice({ name, label, options }: ChoiceProps) {
  const id = useId();
  const value = param(name);
  const known = options.some((option) => option.value === value);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => go(hrefWith({ [name]: event.currentTarget.value }))}>
        {!known && <option value={value}>{value}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}

// One target or all of them.
export function TargetChoice() {
  const targets = useTargets().data?.items ?? [];
  return (
    <Choice
      name="target"
      label="Target"
      options={[{ value: "", text: "All" }, ...targets.map(({ id, name }) => ({ value: id, text: name }))]}
    />
  );
}

// Keyset pages: there is a first and a next one, and the browser's own way back.
export function Pager({ next, shown, what }: { next: string | null; shown: number; what: string }) {
  const paged = param("cursor") !== "";
  if (!paged && next === null) return null;
  return (
    <nav class="pager" aria-label="Pages of the list">
      {paged && (
        <a class="button" href={hrefWith({ cursor: null })}>
          First page
        </a>
      )}
      <span class="muted small num">
        {shown.toLocaleString()} {what} on this page
      </span>
      {next !== null && (
        <a class="button" href={hrefWith({ cursor: next })}>
          Next page
        </a>
      )}
    </nav>
  );
}
