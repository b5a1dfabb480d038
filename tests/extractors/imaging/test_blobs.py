"""Blobs are told apart however many there are."""

from __future__ import annotations

import numpy as np

from extractors.imaging.blobs import blobs


def test_more_blobs_than_sixteen_bits_count() -> None:
    mask = np.zeros((800, 800), np.uint8)
    mask[::3, ::3] = 255
    count, labels, stats, _ = blobs(mask)
    assert count == 267 * 267 + 1
    assert int(labels.max()) == count - 1
    assert len(stats) == count
