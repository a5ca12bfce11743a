"""The trained network as an ONNX graph in 8-bit integers, node by node: no tracing, the same bytes each time.

Products of a layer are dynamically quantised (weights per column, activations per window); word vectors are
quantised per row; the heads, norms and attention stay in floating point. The operators are ONNX Runtime's own
fused ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from service.extraction.tagger.tagger import MODEL_FILE
from service.extraction.training.network import Network

CONTRIB: Final = "com.microsoft"
INPUTS: Final = ("ids", "marking", "writing", "place")
Floats = NDArray[np.float32]


class Normed(NamedTuple):
    """A LayerNorm's result as its bare norm, in the graph, and the gain and shift still to be applied.

    Both are linear: products that read the result, and sums with it, take them into their own weights.
    """

    name: str
    gain: Floats
    shift: Floats

    def into(self, weight: Floats, bias: Floats) -> tuple[Floats, Floats]:
        """The weights of a product [out, in], and its bias, for it to read the bare norm instead."""
        return weight * self.gain, bias + weight @ self.shift


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

    def norm(self, x: str, name: str) -> str:
        """Each piece's vector less its mean, by its deviation: LayerNorm without its gain and shift.

        `InstanceNormalization` with the pieces as channels does just that, row by row in the cache; on a CPU
        that is several times as fast as the fused LayerNorm, and faster than its steps one by one.
        """
        return self.node("InstanceNormalization", (x, "ones", "zeros"), name, epsilon=1e-12)


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
        weight, bias = x.into(state[f"{head}.weight"], state[f"{head}.bias"])
        product = graph.node("MatMul", (x.name, graph.weight(f"{head}.weight", weight.T)), f"{head}.product")
        outputs.append(graph.node("Add", (product, graph.weight(f"{head}.bias", bias)), head))
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


def _embed(graph: GraphBuilder, state: dict[str, Floats]) -> Normed:
    total = add_words(graph, state)
    for name in INPUTS[1:]:
        found = graph.node(
            "Gather", (graph.weight(f"{name}.table", state[f"{name}.weight"]), name), f"{name}.vectors"
        )
        total = graph.node("Add", (total, found), f"{name}.sum")
    positions = add_positions(graph, state)
    axis = graph.weight("batch.axis", np.zeros(1, np.int64))
    positions = graph.node("Unsqueeze", (positions, axis), "positions.batched")
    total = graph.node("Add", (total, positions), "embedded.total")
    return Normed(graph.norm(total, "embedded"), state["norm.weight"], state["norm.bias"])


def add_words(graph: GraphBuilder, state: dict[str, Floats]) -> str:
    """The word vectors of the input `ids`, kept in 8-bit integers."""
    rows, scale = quantise(state["word.weight"], axis=1)
    vector = graph.node("Gather", (graph.weight("word.rows", rows), "ids"), "word.integers")
    vector = graph.node("Cast", (vector,), "word.floats", to=TensorProto.FLOAT)
    scales = graph.node("Gather", (graph.weight("word.scale", scale), "ids"), "word.scales")
    return graph.node("Mul", (vector, scales), "word.vectors")


def add_positions(graph: GraphBuilder, state: dict[str, Floats]) -> str:
    """The position vectors of as many pieces as `ids` has: [pieces, hidden].

    And the gains and shifts that `GraphBuilder.norm` needs, a one and a zero for each piece.
    """
    length = graph.node("Shape", ("ids",), "length", start=1, end=2)
    begin = graph.weight("zero", np.zeros(1, np.int64))

    def first(values: Floats, name: str) -> str:
        return graph.node("Slice", (graph.weight(f"{name}.all", values), begin, length), name)

    table = state["position.weight"]
    first(np.ones(len(table), dtype=np.float32), "ones")
    first(np.zeros(len(table), dtype=np.float32), "zeros")
    return first(table, "positions")


def add_layer(graph: GraphBuilder, state: dict[str, Floats], index: int, x: Normed, heads: int) -> Normed:
    """One transformer layer over `x`."""

    def part(name: str) -> tuple[Floats, Floats]:
        return state[f"layers.{index}.{name}.weight"], state[f"layers.{index}.{name}.bias"]

    def add(x: Normed, y: str, name: str) -> Normed:
        """The norm of x + y; the shift of x is in y already."""
        gained = graph.node("Mul", (x.name, graph.weight(f"{at}.{name}.gain", x.gain)), f"{at}.{name}.gained")
        total = graph.node("Add", (gained, y), f"{at}.{name}.total")
        return Normed(graph.norm(total, f"{at}.{name}"), *part(name))

    at = f"layer{index}"
    qkv = graph.product(x.name, f"{at}.qkv", *x.into(*part("qkv")))
    names = [f"{at}.q", f"{at}.k", f"{at}.v"]
    graph.nodes.append(helper.make_node("Split", [qkv], names, name=f"{at}.split", axis=2))
    attended = graph.node("MultiHeadAttention", names, f"{at}.attended", CONTRIB, num_heads=heads)
    weight, bias = part("joined")
    x = add(x, graph.product(attended, f"{at}.joined", weight, bias + x.shift), "attention_norm")
    up = graph.product(x.name, f"{at}.up", *x.into(*part("up")))
    inner = graph.node("Gelu", (up,), f"{at}.gelu", CONTRIB)
    weight, bias = part("down")
    return add(x, graph.product(inner, f"{at}.down", weight, bias + x.shift), "output_norm")
