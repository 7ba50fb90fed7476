package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.PositionEmbedding;
import io.espalier.trainer.network.TokenEmbedding;
import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.OfPadding;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Features of tokens and of positions, and where padding is. */
final class EmbeddingRules {
  private EmbeddingRules() {}

  /** Rows of a table, {@code [tokens, features]}, by the numbers of tokens. */
  static Optional<ConvertedValue> embedded(OperationCall call) {
    if (!(call.required(0) instanceof Fixed table && call.required(1) instanceof Signal tokens)) {
      return Optional.empty();
    }
    List<Integer> dimensions = table.constant().dimensions();
    if (!isTokens(call, tokens)
        || dimensions.size() != 2
        || call.attributes().whole("axis", 0) != 0) {
      throw new GraphException(
          "numbers of the example must be tokens that choose rows of a table: table=%s, input=%s"
              .formatted(dimensions, tokens.dimensions()));
    }
    Layer layer = new TokenEmbedding(dimensions.get(0), dimensions.get(1));
    float[] values = table.constant().transposed(List.of(1, 0)).floats();
    String node =
        call.draft().add(call.nameOfWeight(0), layer, List.of(tokens.node()), List.of(values));
    call.translation().made(call.operation().output(), node);
    return Optional.of(SequenceView.featuresLast(call.draft(), node));
  }

  /** Features of tokens plus a constant for all of them, as those of a type of tokens. */
  static Optional<Signal> ofTokens(OperationCall call, int index, Signal signal, float[] features) {
    Optional<String> tokens =
        call.onlyMaker(index, signal).filter(node -> isTokenEmbedding(call, node));
    tokens.ifPresent(
        node -> {
          float[] spread = new float[call.draft().values(node).get(0).length];
          for (int i = 0; i < spread.length; i++) {
            spread[i] = features[i / (spread.length / features.length)];
          }
          call.draft().increase(node, spread);
          call.translation().made(call.operation().output(), node);
        });
    return tokens.map(node -> signal);
  }

  private static boolean isTokenEmbedding(OperationCall call, String node) {
    int features = call.draft().shape(node).channels();
    List<float[]> values = call.draft().values(node);
    return values.size() == 1
        && call.draft()
            .node(node)
            .layer()
            .equals(new TokenEmbedding(values.get(0).length / features, features));
  }

  private static boolean isTokens(OperationCall call, Signal signal) {
    return signal.node().equals(Network.INPUT)
        && signal.isPlain()
        && signal.dimensions().size() == 1
        && signal.dimensions().get(0) == call.draft().shape(Network.INPUT).size();
  }

  /** Where a token is the given one. */
  static Optional<ConvertedValue> padding(OperationCall call) {
    boolean first = call.required(0) instanceof Signal;
    if (!(call.required(first ? 0 : 1) instanceof Signal tokens
        && call.required(first ? 1 : 0) instanceof Fixed token
        && tokens.node().equals(Network.INPUT)
        && tokens.isPlain()
        && token.constant().size() == 1)) {
      return Optional.empty();
    }
    int id = Math.toIntExact(Math.round(token.constant().single()));
    int positions = call.draft().shape(Network.INPUT).size();
    List<Integer> dimensions = OperationCall.batched(tokens.dimensions());
    List<OnnxConstant> cases =
        PaddingCases.of(OptionalInt.of(id), positions, 0, 1).cases().stream()
            .map(each -> each.reshaped(dimensions))
            .toList();
    return Optional.of(new OfPadding(OptionalInt.of(id), cases));
  }

  static Optional<ConvertedValue> shapeOfPadding(OperationCall call) {
    if (!(call.required(0) instanceof OfPadding mask)) {
      return Optional.empty();
    }
    List<Long> lengths = new ArrayList<>();
    mask.cases().get(0).dimensions().forEach(length -> lengths.add((long) length));
    lengths.set(0, OnnxConstant.BATCH);
    return Optional.of(new Fixed(ShapeFolding.shape(lengths, call.attributes())));
  }

  /**
   * A sequence plus a constant of each position; one that was added right before takes both.
   *
   * @param values in the order of the node's output
   */
  static Signal ofPositions(OperationCall call, int index, Signal signal, float[] values) {
    Optional<String> before =
        call.onlyMaker(index, signal)
            .map(sum -> call.draft().node(sum).inputs())
            .filter(inputs -> inputs.size() == 2 && isPositions(call, inputs.get(1)))
            .map(inputs -> inputs.get(1));
    if (before.isPresent()) {
      call.draft().increase(before.get(), values);
      call.translation().made(call.operation().output(), signal.node());
      return signal;
    }
    String positions =
        call.draft()
            .add(
                call.nameOfWeight(1 - index),
                new PositionEmbedding(),
                List.of(signal.node()),
                List.of(Arrays.copyOf(values, values.length)));
    String sum = call.draft().add(call.name(""), new Add(), signal.node(), positions);
    call.translation().made(call.operation().output(), sum);
    return new Signal(sum, signal.dimensions(), signal.order());
  }

  private static boolean isPositions(OperationCall call, String node) {
    return !node.equals(Network.INPUT)
        && call.draft().node(node).layer().equals(new PositionEmbedding());
  }
}
