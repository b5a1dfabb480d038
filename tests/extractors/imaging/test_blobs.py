"""Blobs are told apart however many there are."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.imaging.blobs import blobs, chosen, measures


def test_more_blobs_than_sixteen_bits_count() -> None:
    mask = np.zeros((800, 800), np.uint8)
    mask[::3, ::3] = 255
    count, labels, stats, _ = blobs(mask)
    assert count == 267 * 267 + 1
    assert int(labels.max()) == count - 1
    assert len(stats) == count


@pytest.mark.parametrize("share", [0.0, 0.0005, 0.01, 0.3])
def test_pages_are_measured_as_opencv_measures_them(share: float) -> None:
    drawn = np.random.default_rng(3)
    mask = np.zeros((500, 700), np.uint8)
    mask[40:460, 30:650] = np.where(drawn.random((420, 620)) < share, 255, 0)
    mask[100, 40:600] = mask[60:400, 649] = 255
    count, labels, stats, middles = blobs(mask)
    known = cv2.connectedComponentsWithStats(mask, connectivity=8)
    assert count == known[0]
    assert (labels == known[1]).all()
    assert (stats == known[2]).all()
    assert np.allclose(middles[1:], known[3][1:])
    assert (measures(mask) == known[2][1:]).all()
    keep = drawn.random(count) < 0.5
    assert (chosen(labels, keep) > 0).tolist() == (keep[labels] & (labels > 0)).tolist()


def test_a_mask_of_nothing_has_no_blobs() -> None:
    mask = np.zeros((500, 700), np.uint8)
    assert blobs(mask)[0] == 1
    assert measures(mask).shape == (0, 5)
