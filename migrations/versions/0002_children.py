"""Cases that belong to a case: the processes and states of requests, recommendations, second looks, holds and others."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PROCESSES = (
    "process IN ('action_item', 'asb_case_review', 'dardr', 'dhr_2016', 'dissatisfaction', 'family_contact', 'hold',"
    " 'information_request', 'parallel_process', 'recommendation')"
)
_PROCESSES_BEFORE = "process IN ('action_item', 'asb_case_review', 'dhr_2016')"
_STATES = (
    "state IN ('abandoned', 'accepted', 'acknowledged', 'action_plan_monitoring', 'active', 'agreed', 'amending',"
    " 'awaiting_agency_sign_off', 'awaiting_authority', 'awaiting_decision', 'awaiting_outcome', 'cleared', 'closed',"
    " 'closed_no_review', 'commissioning', 'completed_unverified', 'concluded', 'consultation', 'contact_deferred',"
    " 'csp_sign_off', 'decided', 'declined', 'draft', 'draft_received', 'drafted', 'drafting', 'engaged',"
    " 'engaged_via_advocate', 'gathering', 'identified', 'implementing', 'in_progress', 'inadmissible', 'invited',"
    " 'lifted', 'merged', 'misdirected', 'nil_return', 'no_contact_requested', 'no_reply_closed', 'no_review_with_ho',"
    " 'not_accepted', 'not_applicable', 'not_contacted', 'not_met_notified', 'not_pursued', 'notified', 'out_of_time',"
    " 'outcome_notified', 'queries_raised', 'received', 'refused', 'replied_accepted', 'replied_already_happening',"
    " 'replied_partly', 'replied_rejected', 'requested', 'review_held', 'review_preparation', 'review_scheduled',"
    " 'scoping', 'screening', 'sent', 'setting_terms', 'signed_off', 'stood_down', 'submitted', 'superseded',"
    " 'threshold_check', 'threshold_met', 'threshold_not_met', 'transferred', 'transferred_out', 'under_review',"
    " 'untraceable', 'verified', 'void', 'waived', 'with_home_office', 'withdrawn')"
)
_STATES_BEFORE = (
    "state IN ('abandoned', 'acknowledged', 'action_plan_monitoring', 'agreed', 'amending', 'awaiting_authority',"
    " 'awaiting_decision', 'cleared', 'closed', 'closed_no_review', 'commissioning', 'completed_unverified',"
    " 'consultation', 'csp_sign_off', 'draft', 'drafting', 'gathering', 'implementing', 'in_progress', 'merged',"
    " 'misdirected', 'no_review_with_ho', 'not_accepted', 'not_met_notified', 'not_pursued', 'notified',"
    " 'outcome_notified', 'received', 'review_held', 'review_preparation', 'review_scheduled', 'scoping',"
    " 'setting_terms', 'signed_off', 'stood_down', 'superseded', 'threshold_check', 'threshold_met',"
    " 'threshold_not_met', 'transferred', 'transferred_out', 'verified', 'void', 'with_home_office', 'withdrawn')"
)


def _allow(processes: str, states: str) -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_cases_process_known"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_cases_state_known"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_cases_process_known"), processes)
        batch_op.create_check_constraint(batch_op.f("ck_cases_state_known"), states)


def upgrade() -> None:
    """Allow them."""
    _allow(_PROCESSES, _STATES)


def downgrade() -> None:
    """Allow only what the spine began with: cases of the others must be gone."""
    _allow(_PROCESSES_BEFORE, _STATES_BEFORE)
