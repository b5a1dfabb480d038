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
    from PIL import Image, ImageDraw

    from benchmarks.scans.draw import font, fonts

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
    face = font(fonts()[seed % len(fonts())], int(radius * 0.28))
    for i, char in enumerate("某某市某某区财政局印章"):
        angle = (i - 5) * 24
        tile = Image.new("L", (radius, radius), 0)
        ImageDraw.Draw(tile).text((radius * 0.36, radius * 0.33), char, fill=255, font=face)
        tile = tile.rotate(-angle)
        x, y = cx + radius * 0.78 * np.sin(np.radians(angle)), cy - radius * 0.78 * np.cos(np.radians(angle))
        ink.paste(255, (int(x - radius / 2), int(y - radius / 2)), tile)
    return _printed_over(page, np.asarray(ink), rng)


def _printed_over(page: Page, ink: np.ndarray, rng: np.random.Generator) -> Page:
    """Red ink multiplied with what is printed."""
    alpha = cv2.GaussianBlur(ink, (0, 0), 0.6).astype(np.float32) / 255 * rng.uniform(0.7, 0.95)
    colour = np.array([rng.uniform(50, 90), rng.uniform(40, 80), rng.uniform(205, 230)]) / 255
    return (page * (1 - alpha[..., None] * (1 - colour))).astype(np.uint8)


def redbox(page: Page, seed: int) -> Page:
    """A slanted rectangular stamp with one line of words over the value column."""
    from PIL import Image, ImageDraw

    from benchmarks.scans.draw import font, fonts

    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    wide, high = int(width * rng.uniform(0.16, 0.24)), int(width * rng.uniform(0.05, 0.07))
    tile = Image.new("L", (wide, high), 0)
    pen = ImageDraw.Draw(tile)
    pen.rectangle([2, 2, wide - 3, high - 3], outline=255, width=max(2, high // 18))
    face = font(fonts()[(seed + 1) % len(fonts())], high * 0.5)
    words = ["财务专用章", "已审核", "与原件一致"][seed % 3]
    pen.text(((wide - face.getlength(words)) / 2, high * 0.18), words, fill=255, font=face)
    tile = tile.rotate(float(rng.uniform(-25, 25)), expand=True)
    ink = Image.new("L", (width, height), 0)
    ink.paste(tile, (int(width * rng.uniform(0.62, 0.72)), int(height * rng.uniform(0.3, 0.7))))
    return _printed_over(page, np.asarray(ink), rng)


def signature(page: Page, seed: int) -> Page:
    """Pen strokes, blue or black, that cross rulings and cells of the lower part."""
    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    page = page.copy()
    colour = [(150, 60, 20), (30, 30, 30)][seed % 2]
    x, y = width * rng.uniform(0.25, 0.55), height * rng.uniform(0.35, 0.6)
    for _ in range(3):
        turns = rng.uniform(-1, 1, (9, 2)).cumsum(axis=0) * width * 0.018
        turns[:, 0] += np.linspace(0, width * 0.07, 9)
        ts = np.linspace(0, 8, 120)
        points = np.column_stack([np.interp(ts, np.arange(9), turns[:, i]) for i in (0, 1)])
        points = cv2.GaussianBlur(points.astype(np.float32), (1, 15), 3) + np.array([x, y])
        cv2.polylines(page, [points.astype(np.int32)], False, colour, max(2, width // 700), cv2.LINE_AA)
        x += width * 0.05
    return page


def shadow(page: Page, seed: int) -> Page:
    """The soft-edged shadow of a hand or a telephone over a corner, with uneven light."""
    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    side = int(rng.integers(4))
    corner = np.array([[0, 0], [width, 0], [width, height], [0, height]][side])
    reach = np.array([width, height]) * rng.uniform(0.35, 0.6, (5, 2))
    away = np.where(corner > 0, -1, 1)
    fan = np.linspace(0, np.pi / 2, 5)
    points = corner + away * reach * np.column_stack([np.cos(fan), np.sin(fan)])
    cv2.fillPoly(mask, [np.vstack([corner, points]).astype(np.int32)], 255)
    soft = cv2.GaussianBlur(mask, (0, 0), width * rng.uniform(0.006, 0.02)).astype(np.float32) / 255
    dark = 1 - soft * rng.uniform(0.35, 0.55)
    return light(np.clip(page * dark[..., None], 0, 255).astype(np.uint8), seed)


def specks(page: Page, seed: int) -> Page:
    """Salt and pepper: single pixels and small dirt."""
    rng = np.random.default_rng(seed)
    page = page.copy()
    dice = rng.random(page.shape[:2])
    page[dice < 0.004] = 0
    page[dice > 0.996] = 255
    dirt = rng.random(page.shape[:2]) < 0.00003
    page[cv2.dilate(dirt.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 40
    return page


def blue(page: Page, seed: int) -> Page:
    """The whole print in blue ink, a little uneven."""
    rng = np.random.default_rng(seed)
    ink = (255 - page[:, :, 1:2]).astype(np.float32) / 255 * rng.uniform(0.75, 1.0)
    colour = np.array([rng.uniform(140, 190), rng.uniform(50, 90), rng.uniform(20, 60)])
    return np.clip(255 - ink * (255 - colour), 0, 255).astype(np.uint8)


def fax_lines(page: Page, seed: int) -> Page:
    """A fax of the coarse kind: twice as many dots across as down."""
    bits = fax(page, seed)
    short = cv2.resize(bits, (bits.shape[1], bits.shape[0] // 2), interpolation=cv2.INTER_AREA)
    return np.where(short > 140, 255, 0).astype(np.uint8)


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
    quality = int(np.random.default_rng(seed).integers(20, 41))
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


def worst(page: Page, seed: int) -> Page:
    """Stamps of both kinds, show-through, curl, a shadow, skew, blur and a strong JPEG at once."""
    for damage in (seal, redbox, bleed, curl, shadow, skew):
        page = damage(page, seed)
    return jpeg(cv2.GaussianBlur(page, (0, 0), 0.5), seed)


def turned(page: Page, seed: int) -> Page:
    return np.ascontiguousarray(np.rot90(page, 1 + seed % 3))


def ticks(page: Page, seed: int) -> Page:
    """Ticks and crosses drawn by hand over cells, in blue or black."""
    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    page = page.copy()
    colour = [(150, 60, 20), (30, 30, 30)][seed % 2]
    size = width * 0.014
    for _ in range(10):
        x, y = width * rng.uniform(0.15, 0.9), height * rng.uniform(0.15, 0.6)
        marks = [[(-1, 0), (-0.3, 0.8), (1.2, -1.4)], [(-1, -1), (1, 1), (0, 0), (1, -1), (-1, 1)]]
        points = np.array(marks[int(rng.integers(2))]) * size * rng.uniform(0.8, 1.4) + np.array([x, y])
        points = points + rng.normal(0, size * 0.1, points.shape)
        cv2.polylines(page, [points.astype(np.int32)], False, colour, max(2, width // 600), cv2.LINE_AA)
    return page


def desk(page: Page, seed: int) -> Page:
    """A photograph on a desk of wooden grain, with a pen beside the paper."""
    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    grain = cv2.GaussianBlur(
        rng.normal(0, 60, (height, width)).astype(np.float32), (0, 0), sigmaX=width / 12, sigmaY=1.2
    )
    wood = np.clip(np.array([70, 105, 150]) + grain[..., None] * 6, 0, 255).astype(np.uint8)
    cv2.line(
        wood,
        (int(width * 0.02), int(height * 0.3)),
        (int(width * 0.05), int(height * 0.6)),
        (40, 30, 30),
        width // 120,
    )
    old = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    new = old * 0.86 + np.array([width, height]) * 0.07 + rng.uniform(-0.03, 0.03, (4, 2)) * width
    matrix = cv2.getPerspectiveTransform(old, new.astype(np.float32))
    paper = (
        cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, (width, height))[..., None] > 127
    )
    seen = cv2.warpPerspective(page, matrix, (width, height))
    return jpeg(light(np.where(paper, seen, wood).astype(np.uint8), seed), seed)


def numbered(page: Page, seed: int) -> Page:
    """A page number and a punched margin's black edge close to the table."""
    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    page = page.copy()
    dark = np.flatnonzero((page < 128).any(axis=2).any(axis=1))
    at = (int(width * 0.48), min(height - 4, int(dark[-1] + width * 0.018)))
    cv2.putText(
        page, f"- {seed % 90} -", at, cv2.FONT_HERSHEY_SIMPLEX, width / 1900, (0, 0, 0), 2, cv2.LINE_AA
    )
    edge = int(width * rng.uniform(0.005, 0.02))
    page[:, :edge] = rng.integers(0, 60, (height, edge, 1))
    return page


def cut(page: Page, seed: int) -> Page:
    """A sheet laid askew on the glass: the scan ends inside the last column and just under the last row."""
    height, width = page.shape[:2]
    dark = np.flatnonzero((page < 128).any(axis=2).any(axis=1))
    right = int(width * np.random.default_rng(seed).uniform(0.89, 0.91))
    return np.ascontiguousarray(page[: min(height, dark[-1] + 4), :right])


DAMAGES: dict[str, Callable[[Page, int], Page]] = {
    "clean": lambda page, _seed: page,
    "skew": skew, "seal": seal, "redbox": redbox, "bleed": bleed, "fax": fax, "fax_lines": fax_lines,
    "light": light, "shadow": shadow, "blur": blur, "jpeg": jpeg, "specks": specks, "blue": blue,
    "signature": signature, "curl": curl, "photo": photo, "combo": combo, "worst": worst, "turned": turned,
    "ticks": ticks, "desk": desk, "numbered": numbered, "cut": cut,
}  # fmt: skip
