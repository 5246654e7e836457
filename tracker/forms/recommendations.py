"""Recommendations: what the list is narrowed to, and the words of a new one."""

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField

from tracker.forms.facts import complain
from tracker.forms.filters import Choices, ListForm, offered
from tracker.queries.recommendations import RESPONSES, SCOPES, RecommendationFilters
from workflows.facts import tidy


class RecommendationFilterForm(ListForm):
    """The filters of Recommendations."""

    q = StringField("Words or reference")
    theme = SelectField("Theme", validate_choice=False)
    scope = SelectField("Scope", choices=offered((("", "Any scope"), *SCOPES.items())), validate_choice=False)
    response = SelectField(
        "Response", choices=offered((("", "Any response"), *RESPONSES.items())), validate_choice=False
    )

    def offer(self, themes: Choices) -> None:
        """Fill in the themes."""
        self.theme.choices = offered((("", "Any theme"), *themes))

    def filters(self) -> RecommendationFilters:
        """What the list is narrowed to."""
        return RecommendationFilters(
            q=self.chosen(self.q)[:200],
            theme=self.chosen(self.theme),
            scope=self.chosen(self.scope),
            response=self.chosen(self.response),
        )


class NewRecommendationForm(FlaskForm):  # type: ignore[misc]
    """Of which review, and what it says: those like it are shown before the other questions."""

    review = SelectField("Review that it comes from", validate_choice=False, default="")
    text = TextAreaField("Recommendation", description="Word for word. Write no names")

    def offer(self, reviews: Choices) -> None:
        """Fill in the reviews that can be added to."""
        self.review.choices = offered((("", "Choose one"), *reviews))

    def complete(self) -> bool:
        """Whether both are there; what is not is said at its field."""
        if self.review.data not in {str(choice[0]) for choice in self.review.iter_choices() if choice[0]}:
            complain(self.review, "Choose the review that it comes from")
        if not self.words():
            complain(self.text, "Write down the recommendation")
        return not any(field.errors for field in self)

    def words(self) -> str:
        """What the recommendation says."""
        return tidy(self.text.data or "", lines=True)
