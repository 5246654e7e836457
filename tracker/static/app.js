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
} from "./govuk-frontend.min.js?v=6.3.0";

createAll(Button, { preventDoubleClick: true });
for (const component of [Checkboxes, ErrorSummary, PasswordInput, Radios, ServiceNavigation, SkipLink]) {
  createAll(component);
}
