package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LayerForm;

/** Writes layers of a class as operations of ONNX opset 17. Stateless and thread-safe. */
@FunctionalInterface
public interface OnnxWriter<L extends Layer> extends LayerForm<L> {
  /** Writes the operations that compute the same as the layer; returns the output's name. */
  String write(L layer, OnnxNode to);
}
