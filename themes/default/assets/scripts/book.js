// Adds to a page what needs scripts; the page is complete without them. This is what must be there before it is shown;
// more.js has the rest. Each step looks for elements that it has not changed yet, so all steps run again after the
// preview has patched the page.
import { digestBlocks } from "./changes.js";
import { leadToFiles } from "./disk.js";
import { fillFields, openFields } from "./fields.js";
import { loadLater } from "./later.js";
import { enhance, run } from "./run.js";
import { openSearch } from "./search.js";
import { showCurrentChapter } from "./sidebar.js";
import { followTabs, makeTabs, showTarget } from "./tabs.js";

run([digestBlocks, leadToFiles, openFields, followTabs]);
enhance([fillFields, makeTabs]);
run([showTarget, () => showCurrentChapter(document), openSearch, loadLater]);
