/* The tablet that shows the changing code, and nothing else. */
import { stayAwake } from "./awake.js";
import { keepFresh } from "./changing.js";

keepFresh(document.querySelector("[data-changing]"));
stayAwake();
