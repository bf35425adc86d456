import { render } from "preact";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "./styles/table.css";
import "./styles/pages.css";
import "./styles/recommendation.css";
import "./styles/statement.css";
import "./styles/plan.css";
import { App, prefetchPages } from "./app";
import { startRouter } from "./router";
import { startKeys } from "./shell/keys";

startRouter();
startKeys();
const root = document.getElementById("app");
if (root) render(<App />, root);
prefetchPages();
