// Shown when the server wants a token: any address but loopback does.
import { useState } from "preact/hooks";
import { needsToken, setToken } from "../api/client";
import { Dialog } from "./dialog";

export function TokenPrompt() {
  const [token, setText] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    if (token.trim() === "") return;
    setToken(token.trim());
    window.location.reload();
  };
  return (
    <Dialog title="This planwise asks for a token" close={() => (needsToken.value = false)}>
      <form class="form" onSubmit={submit}>
        <p class="muted">It is kept until this tab closes. Whoever runs planwise can issue one.</p>
        <div class="field">
          <label for="token">Token</label>
          <input
            id="token"
            type="password"
            autocomplete="off"
            value={token}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="primary">
          Go on
        </button>
      </form>
    </Dialog>
  );
}
