// A labelled text field with its help and its error, tied together for screen readers.
import { useId } from "preact/hooks";

interface Props {
  label: string;
  value: string;
  onValue: (value: string) => void;
  help?: string;
  error?: string | undefined;
  placeholder?: string;
  required?: boolean;
  mono?: boolean;
}

export function Field({
  label,
  value,
  onValue,
  help,
  error,
  placeholder,
  required = false,
  mono = false,
}: Props) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class={mono ? "mono" : undefined}
        value={value}
        placeholder={placeholder}
        required={required}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {error && (
        <span id={`${id}-error`} class="field-error" role="alert">
          {error}
        </span>
      )}
      {help && <small id={`${id}-help`}>{help}</small>}
    </div>
  );
}
