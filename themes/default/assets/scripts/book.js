// Enhances a page that is complete without it. Each step finds its own work and may run again.
import { addCopyButtons } from "./copy.js";
import { reachScrollers } from "./scroll.js";
import { showCurrentChapter } from "./sidebar.js";

addCopyButtons(document);
reachScrollers(document);
showCurrentChapter(document);
