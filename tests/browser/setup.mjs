// The mock and a browser for the tests of one file: started before them, stopped after them.
import { after, before } from "node:test";
import { startMock } from "../../web/dev/mock-server.mjs";
import { browserMissing, launch, openPage } from "./chromium.mjs";
import { settled } from "./pages.mjs";

// `running` is filled when the first test begins: running.mock, running.browser. `prepare` may change the mock's state
// before.
export function setUp(prepare = () => undefined) {
  const running = {};
  before(async () => {
    if (browserMissing) return;
    const [mock, browser] = await Promise.all([startMock(), launch()]);
    prepare(mock.state);
    Object.assign(running, { mock, browser });
  });
  after(async () => {
    await running.browser?.close();
    await running.mock?.stop();
  });
  // A page of the mock with its data; options as newContext() takes them.
  const at = async (path, options) => {
    const opened = await openPage(running.browser, options);
    await opened.page.goto(running.mock.url + path);
    await settled(opened.page);
    return opened;
  };
  return { running, at };
}
