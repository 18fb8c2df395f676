// Starts the cashier's window: one backend, one till, one window.
import "@kit/tokens.css";
import { createApp } from "vue";
import { connect } from "@backend";
import { createWords } from "./locales";
import { createTill } from "./stores/till";
import WindowView from "./views/WindowView.vue";

const till = await createTill(connect());
createApp(WindowView, { till }).use(createWords("zh-CN")).mount("#window");
