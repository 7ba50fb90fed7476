package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One operation with what it reads, while it is translated.
 *
 * @param inputs in the operation's order; empty where left out
 */
record OperationCall(
    Operation operation, List<Optional<ConvertedValue>> inputs, Translation translation) {
  OperationCall {
    inputs = List.copyOf(inputs);
  }

  GraphDraft draft() {
    return translation.draft();
  }

  Attributes attributes() {
    return operation.attributes();
  }

  Optional<ConvertedValue> value(int index) {
    return index < inputs.size() ? inputs.get(index) : Optional.empty();
  }

  ConvertedValue required(int index) {
    return value(index)
        .orElseThrow(() -> new GraphException("it must have an input of its kind: input=" + index));
  }

  Optional<OnnxConstant> constant(int index) {
    return value(index)
        .map(
            value -> {
              if (value instanceof Fixed fixed) {
                return fixed.constant();
              }
              throw new GraphException(
                  "an input must be a constant: input="
                      + operation.input(index).orElse("" + index));
            });
  }

  OnnxConstant requiredConstant(int index) {
    required(index);
    return constant(index).orElseThrow();
  }

  /** What the network gives, with its waiting numbers. */
  Signal signal(int index) {
    if (required(index) instanceof Signal signal) {
      return signal;
    }
    throw new GraphException(
        "an input must come from the example, and not behind a softmax or an erf: input="
            + operation.input(index).orElse("" + index));
  }

  /** The same with its waiting numbers applied by a layer. */
  Signal applied(int index) {
    return applied(signal(index));
  }

  Signal applied(Signal signal) {
    if (signal.isPlain()) {
      return signal;
    }
    Layer affine = Layer.affine((float) signal.scale(), (float) signal.shift());
    String node = draft().add(name("affine"), affine, signal.node());
    return new Signal(node, signal.dimensions(), signal.order());
  }

  /** An input as a vector, which is what a linear layer reads; its order stays. */
  Signal vector(Signal signal) {
    Signal applied = applied(signal);
    if (applied.dimensions().size() != 1) {
      throw new GraphException("its input must be a vector: input=" + applied.dimensions());
    }
    return flat(applied);
  }

  /** The same values from a node that gives a vector; dimensions stay. */
  Signal flat(Signal signal) {
    if (draft().extent(signal.node()).isVector()) {
      return signal;
    }
    String node = draft().add(name("flatten"), Layer.flatten(), signal.node());
    return new Signal(node, signal.dimensions(), signal.order());
  }

  /** An input as {@code [channels, height, width]}. */
  Signal image(int index) {
    Signal applied = applied(index);
    TensorShape extent = draft().extent(applied.node());
    boolean single =
        applied.dimensions().size() == 3
            && applied.dimensions().equals(List.of(extent.size(), 1, 1));
    if (!applied.order().isPlain()
        || !(extent.dimensions().equals(applied.dimensions()) || single)
        || applied.dimensions().size() != 3) {
      throw new GraphException(
          "its input must be images, channels first, as layers give them: input=%s, layer=%s"
              .formatted(applied.dimensions(), extent));
    }
    return applied;
  }

  /** The output of a layer behind a signal, in the same dimensions and order. */
  Signal alike(Layer layer, Signal from) {
    return new Signal(draft().add(name(""), layer, from.node()), from.dimensions(), from.order());
  }

  /** The output of a layer that gives images or vectors as the graph sees them. */
  Signal plain(String node) {
    TensorShape extent = draft().extent(node);
    return new Signal(node, extent.dimensions(), TopologicalOrder.plain(extent.size()));
  }

  /** The node that gives an input as it is, if nothing but this operation reads that. */
  Optional<String> onlyMaker(int index, Signal input) {
    return operation
        .input(index)
        .flatMap(translation::onlyMaker)
        .filter(node -> node.equals(input.node()));
  }

  /** A free name for a node without weights. */
  String name(String part) {
    return translation.names().of(operation.name() + (part.isEmpty() ? "" : "." + part));
  }

  /** A free name for a node whose weight is an input. */
  String nameOfWeight(int index) {
    return translation
        .names()
        .of(operation.input(index).flatMap(translation::origin), operation.name());
  }

  /** All dimensions of a signal, a 1 for the batch before them. */
  static List<Integer> batched(List<Integer> dimensions) {
    Integer[] all = new Integer[dimensions.size() + 1];
    all[0] = 1;
    for (int i = 0; i < dimensions.size(); i++) {
      all[i + 1] = dimensions.get(i);
    }
    return Arrays.asList(all);
  }
}
