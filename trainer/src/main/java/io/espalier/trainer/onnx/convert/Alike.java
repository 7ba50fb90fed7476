package io.espalier.trainer.onnx.convert;

import io.espalier.trainer.network.Layer;
import io.espalier.trainer.onnx.convert.Value.Signal;
import io.espalier.trainer.onnx.graph.GraphException;
import java.util.List;

/** Two signals whose values go together one by one. */
record Alike(Signal left, Signal right) {
  /** Brings both to the same shape of layer outputs; throws if they do not go together. */
  static Alike of(Call call, Signal left, Signal right) {
    if (!left.dimensions().equals(right.dimensions()) || !left.order().equals(right.order())) {
      throw new GraphException(
          "its inputs must have one shape and order: input=%s, other=%s"
              .formatted(left.dimensions(), right.dimensions()));
    }
    boolean same = call.draft().extent(left.node()).equals(call.draft().extent(right.node()));
    return same ? new Alike(left, right) : new Alike(call.flat(left), call.flat(right));
  }

  Signal joined(Call call, Layer layer) {
    String node =
        call.draft().add(call.name(""), layer, List.of(left.node(), right.node()), List.of());
    return new Signal(node, left.dimensions(), left.order());
  }
}
