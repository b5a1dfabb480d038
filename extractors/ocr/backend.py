"""Running a model file: OpenVINO where it is installed, onnxruntime otherwise; one thread, no network."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float32]
Run = Callable[[Tensor], Tensor]

# Setting this to "onnxruntime" or "openvino" chooses; otherwise OpenVINO is used when importable.
CHOICE = "JIXIAO_OCR_BACKEND"


def backend() -> str:
    """The back end that will be used: ``openvino`` or ``onnxruntime``."""
    wanted = os.environ.get(CHOICE, "")
    if wanted in ("onnxruntime", "openvino"):
        return wanted
    return "openvino" if find_spec("openvino") else "onnxruntime"


def load(model: Path, name: str) -> Run:
    """The model as a call from tensor to tensor. Raises ImportError where the back end is missing."""
    return _openvino(model) if name == "openvino" else _onnxruntime(model)


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


def _openvino(model: Path) -> Run:
    os.environ.setdefault("OPENVINO_TELEMETRY_OPT_OUT", "1")
    openvino: Any = import_module("openvino")
    settings = {"INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.Core().compile_model(str(model), "CPU", settings)
    return lambda tensor: cast("Tensor", compiled(tensor)[0])
