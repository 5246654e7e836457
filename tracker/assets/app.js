// Nothing on a page needs this file: it only makes some things handier where scripts run.
import {
  Button,
  Checkboxes,
  ErrorSummary,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "./govuk-frontend.min.js?v=VERSION";

createAll(Button, { preventDoubleClick: true });
for (const component of [Checkboxes, ErrorSummary, PasswordInput, Radios, ServiceNavigation, SkipLink]) {
  createAll(component);
}

// Says that the session is about to end, 2 minutes before. The server notes a visit once a minute, so that is left out.
const stay = document.getElementById("stay-signed-in");
if (stay instanceof HTMLDialogElement) {
  const minute = 60_000;
  const form = stay.querySelector("form[method=post]");
  let warning;
  const watch = () => {
    clearTimeout(warning);
    warning = setTimeout(() => stay.open || stay.showModal(), (Number(stay.dataset.minutes) - 3) * minute);
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (answer?.ok) {
      stay.close();
      watch();
    } else {
      stay.querySelector(".app-stay__soon").hidden = true;
      stay.querySelector("h2").textContent = "You are signed out";
      stay.querySelector(".app-stay__ended").textContent =
        "Go back to the page and press its button: what you have typed is kept, and is there when you have signed in again.";
    }
  });
  watch();
}
