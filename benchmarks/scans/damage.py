"""What happens to paper: each damage takes a page (BGR) and a seed and gives the damaged page back."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

Page = np.ndarray


def skew(page: Page, seed: int) -> Page:
    rng = np.random.default_rng(seed)
    angle = rng.choice([-1, 1]) * rng.uniform(0.8, 3.0)
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))


def seal(page: Page, seed: int) -> Page:
    """A round red seal with letters and a star over the value column, printed with a multiplying ink."""
    from PIL import Image, ImageDraw, ImageFont

    from benchmarks.scans.draw import FONTS

    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    radius = int(width * rng.uniform(0.08, 0.11))
    ink = Image.new("L", (width, height), 0)
    cx, cy = int(width * rng.uniform(0.72, 0.88)), int(height * rng.uniform(0.35, 0.85))
    pen = ImageDraw.Draw(ink)
    pen.ellipse([cx - radius, cy - radius, cx + radius, cy + radius], outline=255, width=max(3, radius // 22))
    star = [
        (cx + r * np.sin(np.pi * i / 5), cy - r * np.cos(np.pi * i / 5))
        for i in range(10)
        for r in [radius * (0.32 if i % 2 == 0 else 0.13)]
    ]
    pen.polygon(star, fill=255)
    font = ImageFont.truetype(FONTS[1], int(radius * 0.28), index=2)
    for i, char in enumerate("某某市某某区财政局印章"):
        angle = (i - 5) * 24
        tile = Image.new("L", (radius, radius), 0)
        ImageDraw.Draw(tile).text((radius * 0.36, radius * 0.33), char, fill=255, font=font)
        tile = tile.rotate(-angle)
        x, y = cx + radius * 0.78 * np.sin(np.radians(angle)), cy - radius * 0.78 * np.cos(np.radians(angle))
        ink.paste(255, (int(x - radius / 2), int(y - radius / 2)), tile)
    alpha = cv2.GaussianBlur(np.asarray(ink), (0, 0), 0.6).astype(np.float32) / 255 * rng.uniform(0.7, 0.95)
    colour = np.array([rng.uniform(50, 90), rng.uniform(40, 80), rng.uniform(205, 230)]) / 255
    return (page * (1 - alpha[..., None] * (1 - colour))).astype(np.uint8)


def bleed(page: Page, seed: int) -> Page:
    from benchmarks.scans.draw import draw_form

    rng = np.random.default_rng(seed)
    other = draw_form(seed + 1000, 200).pixels[:, ::-1]
    other = cv2.resize(other, (page.shape[1], page.shape[0]))
    other = cv2.GaussianBlur(other, (0, 0), rng.uniform(1.0, 2.0)).astype(np.float32)
    share = rng.uniform(0.12, 0.24)
    return np.clip(page - (255 - other) * share * (page / 255), 0, 255).astype(np.uint8)


def fax(page: Page, seed: int) -> Page:
    rng = np.random.default_rng(seed)
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA).astype(np.float32)
    small += rng.normal(0, 28, small.shape)
    bits = np.where(small > rng.uniform(140, 175), 255, 0).astype(np.uint8)
    specks = rng.random(bits.shape) < 0.00006
    bits[cv2.dilate(specks.astype(np.uint8), np.ones((2, 2), np.uint8)) > 0] = 0
    return cv2.cvtColor(bits, cv2.COLOR_GRAY2BGR)


def light(page: Page, seed: int) -> Page:
    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    ramp = 1 - rng.uniform(0.15, 0.45) * (
        xs / width * rng.uniform(-1, 1) + ys / height * rng.uniform(-1, 1) + 0.5
    ).clip(0, 1)
    x, y, r = rng.uniform(0.2, 0.8) * width, rng.uniform(0.2, 0.8) * height, rng.uniform(0.15, 0.3) * width
    shade = 1 - 0.3 * np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * r * r))
    noise = rng.normal(0, 4, (height, width))
    return np.clip(page * (ramp * shade)[..., None] + noise[..., None], 0, 255).astype(np.uint8)


def blur(page: Page, seed: int) -> Page:
    return cv2.GaussianBlur(page, (0, 0), np.random.default_rng(seed).uniform(0.8, 1.5))


def jpeg(page: Page, seed: int) -> Page:
    quality = int(np.random.default_rng(seed).integers(22, 50))
    return cv2.imdecode(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)


def curl(page: Page, seed: int) -> Page:
    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    lift = rng.uniform(0.006, 0.012) * height
    phase = rng.uniform(0, 6.28)
    dy = lift * np.sin(2 * np.pi * xs / width * rng.uniform(0.5, 1.0) + phase) * (0.5 + 0.5 * ys / height)
    dx = rng.uniform(0.002, 0.006) * width * np.sin(2 * np.pi * ys / height * 0.7 + phase)
    return cv2.remap(page, xs + dx, ys + dy, cv2.INTER_LINEAR, borderValue=(255, 255, 255))


def photo(page: Page, seed: int) -> Page:
    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    old = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    new = old * 0.88 + np.array([width, height]) * 0.06 + rng.uniform(-0.04, 0.04, (4, 2)) * width
    matrix = cv2.getPerspectiveTransform(old, new.astype(np.float32))
    desk = tuple(int(v) for v in rng.integers(60, 130, 3))
    return jpeg(light(cv2.warpPerspective(page, matrix, (width, height), borderValue=desk), seed), seed)


def combo(page: Page, seed: int) -> Page:
    for damage in (seal, bleed, light, skew):
        page = damage(page, seed)
    return jpeg(cv2.GaussianBlur(page, (0, 0), 0.6), seed)


def turned(page: Page, seed: int) -> Page:
    return np.ascontiguousarray(np.rot90(page, 1 + seed % 3))


DAMAGES: dict[str, Callable[[Page, int], Page]] = {
    "clean": lambda page, _seed: page,
    "skew": skew, "seal": seal, "bleed": bleed, "fax": fax, "light": light, "blur": blur, "jpeg": jpeg,
    "curl": curl, "photo": photo, "combo": combo, "turned": turned,
}  # fmt: skip
