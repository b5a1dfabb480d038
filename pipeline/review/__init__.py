"""The review page: doubtful rows first, the page beside the row, decisions kept in the ledger.

``archive`` holds what is published, ``queue`` says what to look at first, ``sheet`` lays out one form,
``images`` draws its pages, ``desk`` keeps decisions, ``guard`` lets nobody else in, ``app`` answers.
"""
