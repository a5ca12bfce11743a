"""The trained network as an ONNX graph in 8-bit integers, node by node: no tracing, the same bytes each time.

Products of a layer are dynamically quantised (weights per column, activations per window); word vectors are
quantised per row; the heads, norms and attention stay in floating point. The operators are ONNX Runtime's own
fused ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from service.extraction.tagger import MODEL_FILE
from service.extraction.training.network import Network

CONTRIB: Final = "com.microsoft"
INPUTS: Final = ("ids", "marking", "writing", "place")
Floats = NDArray[np.float32]


class GraphBuilder:
    """Collects nodes and weights; each method answers the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, value: NDArray[Any]) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, inputs: Sequence[str], name: str, domain: str = "", **settings: Any) -> str:
        self.nodes.append(
            helper.make_node(operator, list(inputs), [name], name=name, domain=domain, **settings)
        )
        return name

    def product(self, x: str, name: str, weight: Floats, bias: Floats) -> str:
        """`x @ weight.T + bias` in 8-bit integers."""
        columns, scale = quantise(weight.T, axis=0)
        inputs = (
            x,
            self.weight(f"{name}.weight", columns),
            self.weight(f"{name}.scale", scale.reshape(-1)),
            self.weight(f"{name}.zero", np.zeros(scale.size, dtype=np.int8)),
            self.weight(f"{name}.bias", bias),
        )
        return self.node("DynamicQuantizeMatMul", inputs, name, CONTRIB)

    def skip_norm(self, x: str, y: str, name: str, weight: Floats, bias: Floats) -> str:
        """LayerNorm(x + y), spelled out: on a CPU four times as fast as the fused operator."""
        if name == "embedded":
            self.weight("norm.share", np.array([1 / weight.size], dtype=np.float32))
            self.weight("norm.least", np.array([1e-12], dtype=np.float32))
        total = self.node("Add", (x, y), f"{name}.total")
        mean = self.node("ReduceMean", (total,), f"{name}.mean", axes=[-1])
        centred = self.node("Sub", (total, mean), f"{name}.centred")
        squares = self.node("ReduceSumSquare", (centred,), f"{name}.squares", axes=[-1])
        variance = self.node("Mul", (squares, "norm.share"), f"{name}.variance")
        variance = self.node("Add", (variance, "norm.least"), f"{name}.least")
        deviation = self.node("Sqrt", (variance,), f"{name}.deviation")
        scaled = self.node("Div", (centred, deviation), f"{name}.scaled")
        scaled = self.node("Mul", (scaled, self.weight(f"{name}.gamma", weight)), f"{name}.gained")
        return self.node("Add", (scaled, self.weight(f"{name}.beta", bias)), name)


def quantise(values: Floats, axis: int) -> tuple[NDArray[np.int8], Floats]:
    """Symmetric 8-bit integers, with one scale for each slice that runs along `axis`."""
    scale = np.maximum(np.abs(values).max(axis=axis, keepdims=True), 1e-8) / 127
    return np.round(values / scale).astype(np.int8), scale.astype(np.float32)


def export(network: Network, folder: Path) -> None:
    """Write the graph. Inputs: INPUTS, int64 [1, pieces].

    Outputs: tags [1, pieces, labels], pointers [1, pieces, 4 d].
    """
    state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    graph = GraphBuilder()
    x = _embed(graph, state)
    for index in range(network.shape.layers):
        x = add_layer(graph, state, index, x, network.shape.heads)
    outputs = []
    for head in ("tags", "pointers"):
        product = graph.node(
            "MatMul", (x, graph.weight(f"{head}.weight", state[f"{head}.weight"].T)), f"{head}.product"
        )
        outputs.append(
            graph.node("Add", (product, graph.weight(f"{head}.bias", state[f"{head}.bias"])), head)
        )
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, [1, "pieces"]) for name in INPUTS]
    answers = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "pieces", len(state[f"{name}.bias"])])
        for name in outputs
    ]
    save(graph, "tagger", inputs, answers, folder / MODEL_FILE)


def save(
    graph: GraphBuilder,
    name: str,
    inputs: Sequence[onnx.ValueInfoProto],
    outputs: Sequence[onnx.ValueInfoProto],
    file: Path,
) -> None:
    """Write a graph as a model."""
    model = helper.make_model(
        helper.make_graph(graph.nodes, name, inputs, outputs, graph.weights),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(CONTRIB, 1)],
        ir_version=8,
        producer_name="verbatim",
    )
    onnx.save(model, str(file))


def _embed(graph: GraphBuilder, state: dict[str, Floats]) -> str:
    total = add_words(graph, state)
    for name in INPUTS[1:]:
        found = graph.node(
            "Gather", (graph.weight(f"{name}.table", state[f"{name}.weight"]), name), f"{name}.vectors"
        )
        total = graph.node("Add", (total, found), f"{name}.sum")
    positions = add_positions(graph, state)
    axis = graph.weight("batch.axis", np.zeros(1, np.int64))
    positions = graph.node("Unsqueeze", (positions, axis), "positions.batched")
    return graph.skip_norm(total, positions, "embedded", state["norm.weight"], state["norm.bias"])


def add_words(graph: GraphBuilder, state: dict[str, Floats]) -> str:
    """The word vectors of the input `ids`, kept in 8-bit integers."""
    rows, scale = quantise(state["word.weight"], axis=1)
    vector = graph.node("Gather", (graph.weight("word.rows", rows), "ids"), "word.integers")
    vector = graph.node("Cast", (vector,), "word.floats", to=TensorProto.FLOAT)
    scales = graph.node("Gather", (graph.weight("word.scale", scale), "ids"), "word.scales")
    return graph.node("Mul", (vector, scales), "word.vectors")


def add_positions(graph: GraphBuilder, state: dict[str, Floats]) -> str:
    """The position vectors of as many pieces as `ids` has: [pieces, hidden]."""
    length = graph.node("Shape", ("ids",), "length", start=1, end=2)
    inputs = (
        graph.weight("position.table", state["position.weight"]),
        graph.weight("zero", np.zeros(1, np.int64)),
        length,
    )
    return graph.node("Slice", inputs, "positions")


def add_layer(graph: GraphBuilder, state: dict[str, Floats], index: int, x: str, heads: int) -> str:
    """One transformer layer over `x`."""

    def part(name: str) -> tuple[Floats, Floats]:
        return state[f"layers.{index}.{name}.weight"], state[f"layers.{index}.{name}.bias"]

    at = f"layer{index}"
    qkv = graph.product(x, f"{at}.qkv", *part("qkv"))
    names = [f"{at}.q", f"{at}.k", f"{at}.v"]
    graph.nodes.append(helper.make_node("Split", [qkv], names, name=f"{at}.split", axis=2))
    attended = graph.node("MultiHeadAttention", names, f"{at}.attended", CONTRIB, num_heads=heads)
    joined = graph.product(attended, f"{at}.joined", *part("joined"))
    x = graph.skip_norm(x, joined, f"{at}.attention_norm", *part("attention_norm"))
    up = graph.product(x, f"{at}.up", *part("up"))
    down = graph.product(graph.node("Gelu", (up,), f"{at}.gelu", CONTRIB), f"{at}.down", *part("down"))
    return graph.skip_norm(x, down, f"{at}.output_norm", *part("output_norm"))
