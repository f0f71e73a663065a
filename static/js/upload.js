/* A file that is sent says how far it is: how much has arrived, then that it is being read. Without scripts the
   browser's own bar is all there is.

   Hooks: form[data-upload] (sent by htmx); in it [data-upload-shown] with a progress element and a [data-upload-said],
   whose data-sent holds the sentence with {percent} and data-read the one for afterwards. */
(() => {
  "use strict";
  const STEP = 10; // percent between two announcements

  function show(form, percent) {
    const shown = form.querySelector("[data-upload-shown]");
    const bar = shown.querySelector("progress");
    const said = shown.querySelector("[data-upload-said]");
    shown.hidden = false;
    if (percent < 100) bar.value = percent;
    else bar.removeAttribute("value"); // nobody knows how long the reading takes
    const step = Math.floor(percent / STEP) * STEP;
    const words = percent < 100 ? said.dataset.sent.replace("{percent}", step) : said.dataset.read;
    if (said.textContent !== words) said.textContent = words;
  }

  document.addEventListener("htmx:beforeSend", (event) => {
    const form = event.target.closest?.("form[data-upload]");
    if (!form) return;
    const { upload } = event.detail.xhr;
    upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
      if (lengthComputable) show(form, (loaded / total) * 100);
    });
    upload.addEventListener("load", () => show(form, 100));
    show(form, 0);
  });

  for (const kind of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.closest?.("form[data-upload]");
      if (form) form.querySelector("[data-upload-shown]").hidden = true;
    });
  }
})();
