"""The encoder as an ONNX graph in 8-bit integers, of the parts that the tagger's is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from onnx import TensorProto, helper

from service.claims.encoder import DIMENSIONS, MODEL_FILE
from service.extraction.training.export import (
    GraphBuilder,
    Normed,
    add_layer,
    add_positions,
    add_words,
    save,
)
from service.extraction.training.network import read_encoder

LAYERS: Final = 6
HEADS: Final = 12


def export(weights: Path, folder: Path) -> None:
    """Write the graph of a BERT checkpoint in safetensors form: the mean of its pieces, at length one.

    Input: ids, int64 [texts, pieces], no padding. Output: vectors [texts, 384].
    """
    state = {name: value.numpy() for name, value in read_encoder(weights, LAYERS).items()}
    graph = GraphBuilder()
    words, positions = add_words(graph, state), add_positions(graph, state)
    total = graph.node("Add", (words, positions), "embedded.total")
    x = Normed(graph.norm(total, "embedded"), state["norm.weight"], state["norm.bias"])
    for index in range(LAYERS):
        x = add_layer(graph, state, index, x, HEADS)
    mean = graph.node("ReduceMean", (x.name,), "mean", axes=[1], keepdims=0)
    mean = graph.node("Mul", (mean, graph.weight("gain", x.gain)), "mean.gained")
    mean = graph.node("Add", (mean, graph.weight("shift", x.shift)), "mean.shifted")
    vectors = graph.node("LpNormalization", (mean,), "vectors", axis=-1, p=2)
    inputs = [helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "pieces"])]
    outputs = [helper.make_tensor_value_info(vectors, TensorProto.FLOAT, ["texts", DIMENSIONS])]
    save(graph, "encoder", inputs, outputs, folder / MODEL_FILE)
