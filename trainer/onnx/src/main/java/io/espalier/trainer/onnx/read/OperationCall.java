package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Affine;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import io.espalier.trainer.onnx.read.OnnxGraph.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

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

  /** The axes that a reduction is over, with the batch as axis 0, in order; none for all. */
  List<Integer> axes(int rank) {
    return constant(1)
        .map(given -> LongStream.of(given.wholes()).boxed().toList())
        .or(() -> attributes().wholes("axes"))
        .orElse(List.of())
        .stream()
        .map(axis -> AxisMapping.of(axis, rank))
        .distinct()
        .sorted()
        .toList();
  }

  /** Returns the call of the operation on other inputs. */
  OperationCall with(List<Optional<ConvertedValue>> others) {
    return new OperationCall(operation, others, translation);
  }

  Signal signal(int index) {
    if (required(index) instanceof Signal signal) {
      return signal;
    }
    throw new GraphException(
        "an input must come from the example, and not be part of a softmax, a norm, attention or a"
            + " Gelu: input="
            + operation.input(index).orElse("" + index));
  }

  /** Applies pending numbers by a layer. */
  Signal applied(int index) {
    return applied(signal(index));
  }

  Signal applied(Signal signal) {
    if (signal.isPlain()) {
      return signal;
    }
    Layer affine = new Affine((float) signal.scale(), (float) signal.shift());
    String node = draft().add(name("affine"), affine, signal.node());
    return new Signal(node, signal.dimensions(), signal.order());
  }

  /** An input as a vector, as linear layers read it; the order stays. */
  Signal vector(Signal signal) {
    Signal applied = applied(signal);
    if (applied.dimensions().size() != 1) {
      throw new GraphException("its input must be a vector: input=" + applied.dimensions());
    }
    return flat(applied);
  }

  Signal flat(Signal signal) {
    if (draft().shape(signal.node()).isVector()) {
      return signal;
    }
    String node = draft().add(name("flatten"), new Flatten(), signal.node());
    return new Signal(node, signal.dimensions(), signal.order());
  }

  Signal image(int index) {
    Signal applied = applied(index);
    TensorShape shape = draft().shape(applied.node());
    boolean single =
        applied.dimensions().size() == 3
            && applied.dimensions().equals(List.of(shape.size(), 1, 1));
    if (!applied.order().isPlain()
        || !(shape.dimensions().equals(applied.dimensions()) || single)
        || applied.dimensions().size() != 3) {
      throw new GraphException(
          "its input must be images, channels first, as layers give them: input=%s, layer=%s"
              .formatted(applied.dimensions(), shape));
    }
    return applied;
  }

  Signal alike(Layer layer, Signal from) {
    return new Signal(draft().add(name(""), layer, from.node()), from.dimensions(), from.order());
  }

  /** The output of a layer whose values have the graph's order. */
  Signal plain(String node) {
    TensorShape shape = draft().shape(node);
    return new Signal(node, shape.dimensions(), TopologicalOrder.plain(shape.size()));
  }

  /** The node that produces an input, if only this operation reads it. */
  Optional<String> onlyMaker(int index, Signal input) {
    return operation
        .input(index)
        .flatMap(translation::onlyMaker)
        .filter(node -> node.equals(input.node()));
  }

  String name(String part) {
    return translation.names().of(operation.name() + (part.isEmpty() ? "" : "." + part));
  }

  String nameOfWeight(int index) {
    return translation
        .names()
        .of(operation.input(index).flatMap(translation::origin), operation.name());
  }

  static List<Integer> batched(List<Integer> dimensions) {
    Integer[] all = new Integer[dimensions.size() + 1];
    all[0] = 1;
    for (int i = 0; i < dimensions.size(); i++) {
      all[i + 1] = dimensions.get(i);
    }
    return Arrays.asList(all);
  }
}
