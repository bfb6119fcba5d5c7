// Loaded before the page is drawn, so that what needs JavaScript never flashes without it.
document.body.className +=
  " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
