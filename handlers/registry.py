"""Every handler there is, in the order they are asked. The first that matches and that the role may use is taken."""

from __future__ import annotations

from handlers import (
    add_supporting,
    answer_officially,
    answer_question,
    choose_category,
    explain_other,
    greet,
    list_questions,
    move_supporting,
    my_cases,
    note_feedback,
    official_answers,
    receive_file,
    replace_version,
    revive_case,
    send_template,
    show_checks,
    show_clause,
    show_failures,
    show_progress,
    show_versions,
    submit_anyway,
    tell_unit,
    withdraw_case,
)
from handlers.contract import Handler

# In the order in which the help text lists them.
_ASKED_FOR: tuple[Handler, ...] = (
    answer_question.HANDLER,
    receive_file.HANDLER,
    send_template.HANDLER,
    show_progress.HANDLER,
    my_cases.HANDLER,
    show_checks.HANDLER,
    choose_category.HANDLER,
    add_supporting.HANDLER,
    show_versions.HANDLER,
    withdraw_case.HANDLER,
    tell_unit.HANDLER,
    show_clause.HANDLER,
    official_answers.HANDLER,
    list_questions.HANDLER,
    show_failures.HANDLER,
)

HANDLERS: tuple[Handler, ...] = (
    explain_other.SILENT,
    note_feedback.HANDLER,
    receive_file.HANDLER,
    greet.make_handler(_ASKED_FOR),
    list_questions.HANDLER,
    show_failures.HANDLER,
    answer_officially.HANDLER,
    official_answers.HANDLER,
    submit_anyway.HANDLER,
    add_supporting.HANDLER,
    move_supporting.HANDLER,
    replace_version.HANDLER,
    show_versions.HANDLER,
    withdraw_case.HANDLER,
    revive_case.HANDLER,
    show_checks.HANDLER,
    choose_category.HANDLER,
    show_progress.HANDLER,
    my_cases.HANDLER,
    show_clause.HANDLER,
    send_template.HANDLER,
    tell_unit.HANDLER,
    explain_other.STRAY_NUMBER,
    answer_question.HANDLER,  # takes any words
    explain_other.HANDLER,  # takes anything at all
)
