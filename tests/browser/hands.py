"""Somebody who never touches the mouse: Tab, Enter, Space, the arrows and typing, and the focus can be seen at every stop."""

from dataclasses import dataclass

from playwright.sync_api import Locator

from tests.browser.people import Person, asks

MOST_STOPS = 300

_AT = """e => {
  const on = document.activeElement;
  if (!on || on === document.body) return [on === e, true, '', 0];
  const style = getComputedStyle(on), beside = on.nextElementSibling;
  const drawn = beside && getComputedStyle(beside, '::before');
  const seen = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || (drawn && drawn.boxShadow !== 'none');
  const last = window.__before, order = last && last.isConnected
    ? last.compareDocumentPosition(on) & Node.DOCUMENT_POSITION_PRECEDING : 0;
  window.__before = on;
  const group = on.type === 'radio' && e.type === 'radio' && on.name === e.name && on.form === e.form;
  return [on === e || group, Boolean(seen), on.outerHTML.slice(0, 120), order];
}"""
_SELECTED = "e => e.selectedOptions[0].label.trim()"


@dataclass(slots=True)
class Hands(Person):
    """The same person in the same words, by keyboard alone."""

    def go(self, target: Locator) -> None:
        """Tab to what leads on, and press Enter."""
        self._reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, box: Locator, words: str) -> None:
        """Tab to the box and type over what stands in it."""
        self._reach(box)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(words)
        assert box.input_value() == words

    def choose(self, question: str, answer: str) -> None:
        """Tab to the group or the list; the arrows choose."""
        group = self.page.get_by_role("group", name=asks(question))
        if not group.count():
            self._pick(self.page.get_by_label(asks(question)).first, answer)
            return
        radio = group.first.get_by_label(answer, exact=True)
        if radio.get_attribute("type") == "checkbox":
            self._reach(radio)
            self.page.keyboard.press("Space")
        else:
            self.mark(radio)
        assert radio.is_checked()

    def mark(self, radio: Locator) -> None:
        """Tab to the radio buttons, and go down them to this one."""
        self._reach(radio)
        self.page.keyboard.press("Space")
        for _ in range(40):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{radio} is not reached by the arrows")

    def tick(self, statement: str) -> None:
        """Tab to the box and press Space."""
        box = self.page.get_by_role("checkbox", name=asks(statement))
        self.check(box)

    def check(self, box: Locator) -> None:
        """Tick a box that is not ticked yet."""
        if not box.is_checked():
            self._reach(box)
            self.page.keyboard.press("Space")
        assert box.is_checked()

    def unfold(self, summary: Locator) -> None:
        """Open what is folded away."""
        self._reach(summary)
        self.page.keyboard.press("Enter")

    def _pick(self, box: Locator, answer: str) -> None:
        self._reach(box)
        self.page.keyboard.press("Home")
        for _ in range(200):
            if box.evaluate(_SELECTED) == answer:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{answer} is not in the list")

    def _reach(self, target: Locator) -> None:
        """Press Tab until the target has the focus. The focus goes down the page and shows at each stop."""
        self.page.wait_for_load_state()
        element = target.element_handle()
        assert element is not None
        there, *_ = self.page.evaluate(_AT, element)
        wrapped = False
        for _ in range(MOST_STOPS):
            if there:
                return
            self.page.keyboard.press("Tab")
            there, seen, what, back = self.page.evaluate(_AT, element)
            assert seen, f"{self.where}: {what} does not show that it has the focus"
            assert not (back and wrapped), f"{self.where}: the focus goes back up the page at {what}"
            wrapped = wrapped or bool(back)
        raise AssertionError(f"{self.where}: {target} is not reached by Tab")
