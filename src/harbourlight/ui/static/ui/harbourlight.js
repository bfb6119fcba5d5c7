// Starts the components of GOV.UK Frontend and MOJ Frontend that the page has.
import { initAll as startGovuk } from "../govuk-frontend.min.js";
import { initAll as startMoj } from "../moj-frontend.min.js";

startGovuk();
startMoj();
