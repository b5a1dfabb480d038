"""Which documents, forms and rows a person decided about since the last publish."""

from __future__ import annotations

from typing import Any


def decided(base: Any) -> None:
    """A table ``decided`` of their ids: a decision came, went, or was applied on one side only.

    What belongs to a decision without a form (it did away with the form, or is about the document)
    is all of its document.
    """
    base.execute("""CREATE TABLE decided AS
        WITH said AS (
            (SELECT correction_id, status, human, form_id, document_id FROM old_corrections
            EXCEPT SELECT correction_id, status, human, form_id, document_id FROM new_corrections)
            UNION ALL
            (SELECT correction_id, status, human, form_id, document_id FROM new_corrections
            EXCEPT SELECT correction_id, status, human, form_id, document_id FROM old_corrections)
        ), every_form AS (
            SELECT form_id, document_id FROM old_forms UNION SELECT form_id, document_id FROM new_forms
        ), forms AS (
            SELECT form_id AS id FROM said WHERE form_id IS NOT NULL
            UNION SELECT form_id FROM every_form
            WHERE document_id IN (SELECT document_id FROM said WHERE form_id IS NULL)
        ), rows AS (
            SELECT indicator_id AS id FROM old_indicators WHERE form_id IN (FROM forms)
            UNION SELECT indicator_id FROM new_indicators WHERE form_id IN (FROM forms)
        ), documents AS (
            SELECT document_id AS id FROM said
            UNION SELECT document_id FROM every_form WHERE form_id IN (FROM forms)
        ), inside AS (FROM documents UNION FROM forms UNION FROM rows)
        SELECT id FROM inside UNION SELECT 'gone/' || id FROM inside""")
