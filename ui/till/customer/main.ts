// Starts the customer's window: it asks once what to show, then hears it.
import "@kit/tokens.css";
import { createApp } from "vue";
import { connect } from "@backend";
import { createWords } from "../locales";
import { watchTill } from "./shown";
import CustomerScreen from "./CustomerScreen.vue";

const shown = await watchTill(connect());
createApp(CustomerScreen, { shown }).use(createWords("zh-CN")).mount("#customer");
