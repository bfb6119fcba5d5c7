// Starts the components of GOV.UK Frontend and MOJ Frontend that the page has, and our own.
import { initAll as startGovuk } from "../govuk-frontend.min.js";
import { initAll as startMoj } from "../moj-frontend.min.js";
import { Draft } from "./draft.js";
import { showTarget } from "./target.js";

startGovuk();
startMoj();

for (const form of document.querySelectorAll('form[data-module="hl-draft"]')) {
  new Draft(form);
}

showTarget();
addEventListener("hashchange", showTarget);
