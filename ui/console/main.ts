// Starts headquarters' pages: one backend, one session, one page at a time.
import "@kit/tokens.css";
import "./console.css";
import { createApp } from "vue";
import { connect } from "@hq";
import { createWords, rememberedLanguage } from "./locales";
import { createSession } from "./stores/session";
import ConsoleView from "./views/ConsoleView.vue";

const session = createSession(connect());
createApp(ConsoleView, { session }).use(createWords(rememberedLanguage())).mount("#console");
