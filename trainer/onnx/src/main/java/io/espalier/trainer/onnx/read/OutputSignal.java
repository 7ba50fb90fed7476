package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Affine;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;

/** The output of a graph, as the last nodes of its network are put together. */
record OutputSignal(Translation translation, Signal signal) {
  TensorShape shape() {
    return draft().shape(signal.node());
  }

  GraphDraft draft() {
    return translation.draft();
  }

  /** Whether it is a sequence, features first or last. */
  boolean isSequence() {
    return SequenceView.featureAxis(draft(), signal).isPresent() && shape().isSequence();
  }

  /** All of its values, row-major as in the graph. */
  boolean isPlain() {
    return signal.order().isPlain();
  }

  /** Its node with pending numbers applied. */
  String applied(String node) {
    return signal.isPlain()
        ? node
        : add("affine", new Affine((float) signal.scale(), (float) signal.shift()), node);
  }

  String add(String name, Layer layer, String... inputs) {
    return draft().add(translation.names().of(name), layer, inputs);
  }
}
