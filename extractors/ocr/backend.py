"""Running a model file: OpenVINO where it is installed, onnxruntime otherwise; one thread, no network."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float32]
Run = Callable[[Tensor], Tensor]

# Setting this to one of CHOICES chooses; otherwise OpenVINO is used when importable.
CHOICE = "JIXIAO_OCR_BACKEND"
# OpenVINO counts in bfloat16 where the processor can: the same texts in two thirds of the time
# (benchmarks/scans). ``openvino-f32`` keeps to single precision: the same scores on every machine.
CHOICES = ("onnxruntime", "openvino", "openvino-f32")


def backend() -> str:
    """The back end that will be used, one of ``CHOICES``."""
    wanted = os.environ.get(CHOICE, "")
    if wanted in CHOICES:
        return wanted
    return "openvino" if find_spec("openvino") else "onnxruntime"


@cache
def described(name: str) -> str:
    """A back end with its version, and with its number format where that is not single precision.

    >>> described("onnxruntime").startswith("onnxruntime")
    True
    """
    package = name.removesuffix("-f32")
    return f"{package}{version(package)}{'' if _precision(name) == 'f32' else '-' + _precision(name)}"


@cache
def _precision(name: str) -> str:
    if name != "openvino":
        return "f32"
    able = _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "bf16" if "BF16" in able else "f32"


def load(model: Path, name: str) -> Run:
    """The model as a call from tensor to tensor. Raises ImportError where the back end is missing."""
    return _onnxruntime(model) if name == "onnxruntime" else _openvino(model, _precision(name))


def metadata(model: Path) -> dict[str, str]:
    """The words a model file carries about itself (its alphabet)."""
    runtime: Any = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    session = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return cast("dict[str, str]", session.get_modelmeta().custom_metadata_map)


def _onnxruntime(model: Path) -> Run:
    runtime: Any = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    session = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    entry = session.get_inputs()[0].name
    return lambda tensor: cast("Tensor", session.run(None, {entry: tensor})[0])


@cache
def _core() -> Any:
    os.environ.setdefault("OPENVINO_TELEMETRY_OPT_OUT", "1")
    openvino: Any = import_module("openvino")
    return openvino.Core()


def _openvino(model: Path, precision: str) -> Run:
    settings = {
        "INFERENCE_NUM_THREADS": 1,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": precision,
    }
    compiled = _core().compile_model(str(model), "CPU", settings)
    return lambda tensor: cast("Tensor", compiled(tensor)[0])
