"""The encoder as an ONNX graph in 8-bit integers, node by node, as the tagger's is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import onnx
from onnx import TensorProto, helper

from service.claims.encoder import DIMENSIONS, MODEL_FILE
from service.claims.training.network import HEADS, LAYERS, Network
from service.extraction.training.export import CONTRIB, Floats, GraphBuilder, quantise

OPSET: Final = 17
IR_VERSION: Final = 8

State = dict[str, Floats]


def export(network: Network, folder: Path) -> None:
    """Write the graph. Input: ids, int64 [texts, pieces], no padding. Output: vectors [texts, 384]."""
    state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    graph = GraphBuilder()
    x = _embed(graph, state)
    for index in range(LAYERS):
        x = _layer(graph, state, index, x)
    mean = graph.node("ReduceMean", (x,), "mean", axes=[1], keepdims=0)
    vectors = graph.node("LpNormalization", (mean,), "vectors", axis=-1, p=2)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "encoder",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "pieces"])],
            [helper.make_tensor_value_info(vectors, TensorProto.FLOAT, ["texts", DIMENSIONS])],
            graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)],
        ir_version=IR_VERSION,
        producer_name="verbatim",
    )
    onnx.save(model, str(folder / MODEL_FILE))


def _embed(graph: GraphBuilder, state: State) -> str:
    rows, scale = quantise(state["word.weight"], axis=1)
    found = graph.node("Gather", (graph.weight("word.rows", rows), "ids"), "word.integers")
    found = graph.node("Cast", (found,), "word.floats", to=TensorProto.FLOAT)
    scales = graph.node("Gather", (graph.weight("word.scale", scale), "ids"), "word.scales")
    words = graph.node("Mul", (found, scales), "word.vectors")
    length = graph.node("Shape", ("ids",), "length", start=1, end=2)
    inputs = (
        graph.weight("position.table", state["position.weight"]),
        graph.weight("zero", np.zeros(1, np.int64)),
        length,
    )
    positions = graph.node("Slice", inputs, "positions")
    return graph.skip_norm(words, positions, "embedded", state["norm.weight"], state["norm.bias"])


def _layer(graph: GraphBuilder, state: State, index: int, x: str) -> str:
    def part(name: str) -> tuple[Floats, Floats]:
        return state[f"layers.{index}.{name}.weight"], state[f"layers.{index}.{name}.bias"]

    at = f"layer{index}"
    qkv = graph.product(x, f"{at}.qkv", *part("qkv"))
    names = [f"{at}.q", f"{at}.k", f"{at}.v"]
    graph.nodes.append(helper.make_node("Split", [qkv], names, name=f"{at}.split", axis=2))
    attended = graph.node("MultiHeadAttention", names, f"{at}.attended", CONTRIB, num_heads=HEADS)
    joined = graph.product(attended, f"{at}.joined", *part("joined"))
    x = graph.skip_norm(x, joined, f"{at}.attention_norm", *part("attention_norm"))
    up = graph.product(x, f"{at}.up", *part("up"))
    down = graph.product(graph.node("Gelu", (up,), f"{at}.gelu", CONTRIB), f"{at}.down", *part("down"))
    return graph.skip_norm(x, down, f"{at}.output_norm", *part("output_norm"))
