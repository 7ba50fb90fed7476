package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Attention;
import io.espalier.trainer.onnx.read.ConvertedValue.AttentionWeights;
import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.Products;
import io.espalier.trainer.onnx.read.ConvertedValue.Repeated;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Attention of heads: {@code softmax(scale · queries · keys + mask) · values}. */
final class AttentionPattern {
  private static final double TOLERANCE = 1e-4;

  private AttentionPattern() {}

  /**
   * Queries {@code [heads, parts · positions, size]} times keys {@code [heads, size, positions]}.
   */
  static Optional<ConvertedValue> products(OperationCall call) {
    if (!(call.required(0) instanceof Signal given)) {
      return Optional.empty();
    }
    Optional<Repeated> repeated = RepeatedHeads.of(call.required(1));
    if (repeated.isPresent()) {
      Signal queries = RepeatedHeads.grouped(given, repeated.get().times());
      return Optional.of(products(call, queries, repeated.get().of()));
    }
    return call.required(1) instanceof Signal keys
        ? Optional.of(products(call, given, keys))
        : Optional.empty();
  }

  private static Products products(OperationCall call, Signal left, Signal right) {
    Signal queries = ofHeads(left);
    Signal keys = ofHeads(right);
    int heads = queries.dimensions().get(0);
    int size = queries.dimensions().get(2);
    if (queries.shift() != 0
        || keys.shift() != 0
        || keys.dimensions().get(0) != heads
        || keys.dimensions().get(1) != size
        || !keys.order().isPlain()
        || call.draft().shape(keys.node()).channels() != heads * size
        || !SequenceView.isOfHeads(call.draft(), queries, heads, size)) {
      throw new GraphException(
          "two values of the example must be queries and keys of heads of attention, or weights and values: input=%s, other=%s"
              .formatted(left.dimensions(), right.dimensions()));
    }
    return new Products(
        queries.bare(),
        keys.bare(),
        queries.scale() * keys.scale(),
        HiddenKeys.none(queries.dimensions().get(1), keys.dimensions().get(2)));
  }

  /** A single head may come without an axis of heads. */
  private static Signal ofHeads(Signal signal) {
    List<Integer> dimensions = new ArrayList<>(signal.dimensions());
    if (dimensions.size() == 2) {
      dimensions.add(0, 1);
    }
    if (dimensions.size() != 3) {
      throw new GraphException(
          "heads of attention must have three axes behind the batch: input=" + signal.dimensions());
    }
    return signal.seenAs(dimensions);
  }

  static Optional<ConvertedValue> scaled(OperationCall call) {
    ConvertedValue left = call.required(0);
    ConvertedValue right = call.required(1);
    boolean divides = call.operation().operator().equals("Div");
    return scaled(left, right, divides)
        .or(() -> divides ? Optional.empty() : scaled(right, left, false));
  }

  private static Optional<ConvertedValue> scaled(
      ConvertedValue value, ConvertedValue number, boolean divides) {
    if (!(value instanceof Products products
        && number instanceof Fixed fixed
        && fixed.constant().size() == 1)) {
      return Optional.empty();
    }
    double factor = divides ? 1 / fixed.constant().single() : fixed.constant().single();
    return Optional.of(
        new Products(
            products.queries(), products.keys(), products.scale() * factor, products.hidden()));
  }

  /** Plus 0 or a large negative number. */
  static Optional<ConvertedValue> masked(OperationCall call) {
    return masked(call.required(0), call.required(1))
        .or(() -> masked(call.required(1), call.required(0)));
  }

  private static Optional<ConvertedValue> masked(ConvertedValue value, ConvertedValue mask) {
    return value instanceof Products products
        ? Optional.of(hidden(products, products.hidden().and(mask, HiddenKeys::hides)))
        : Optional.empty();
  }

  private static Products hidden(Products products, HiddenKeys hidden) {
    return new Products(products.queries(), products.keys(), products.scale(), hidden);
  }

  /** Products, or a large negative number where a condition says so. */
  static Optional<ConvertedValue> chosen(OperationCall call) {
    if (call.required(1) instanceof Products products) {
      return Optional.of(replaced(call, products, 2));
    } else if (call.required(2) instanceof Products products) {
      return Optional.of(replaced(call, products, 1));
    }
    return Optional.empty();
  }

  private static Products replaced(OperationCall call, Products products, int other) {
    if (!HiddenKeys.hides(call.requiredConstant(other).single())) {
      throw new GraphException("products of attention must be replaced by a large negative number");
    }
    return hidden(
        products, products.hidden().and(call.required(0), value -> (value != 0) == (other == 1)));
  }

  static Optional<ConvertedValue> weights(OperationCall call) {
    if (!(call.required(0) instanceof Products products)) {
      return Optional.empty();
    }
    int rank = products.queries().dimensions().size() + 1;
    int standard = call.translation().opset() < 13 ? 1 : -1;
    long axis = call.attributes().whole("axis", standard);
    if (axis != -1 && axis < rank - 2) {
      throw new GraphException("a softmax of attention must be over the keys: axis=" + axis);
    }
    return Optional.of(new AttentionWeights(products));
  }

  /** Weights times values {@code [heads, positions, size]}. */
  static Optional<ConvertedValue> means(OperationCall call) {
    if (!(call.required(0) instanceof AttentionWeights weights)) {
      return Optional.empty();
    }
    Products products = weights.of();
    Optional<Repeated> repeated = RepeatedHeads.of(call.required(1));
    int times = repeated.map(Repeated::times).orElse(1);
    Signal given = repeated.isPresent() ? call.applied(repeated.get().of()) : call.applied(1);
    Signal values = ofHeads(given);
    int heads = products.heads();
    int size = products.headSize();
    if (!values.dimensions().equals(List.of(heads, products.positions(), size))
        || call.draft().shape(values.node()).channels() != heads * size
        || !SequenceView.isOfHeads(call.draft(), values, heads, size)) {
      throw new GraphException(
          "the values of attention must be those of heads, as keys are: values=%s, heads=%d, size=%d"
              .formatted(given.dimensions(), heads, size));
    }
    HiddenKeys hidden = products.hidden().verified();
    Signal queries = call.applied(products.queries().times(unscaled(products)));
    List<String> inputs =
        new ArrayList<>(List.of(queries.node(), products.keys().node(), values.node()));
    if (hidden.isOfPadding()) {
      call.translation().paddingMask(hidden.padding()).ifPresent(inputs::add);
    }
    String node =
        call.draft().add(call.name(""), new Attention(size, hidden.isCausal()), inputs, List.of());
    List<Integer> dimensions =
        new ArrayList<>(List.of(heads * times, products.rows() / times, size));
    return Optional.of(
        new Signal(
            node,
            given.dimensions().size() == 2 ? dimensions.subList(1, 3) : dimensions,
            SequenceView.ofHeads(call.draft().shape(node), heads, size)));
  }

  /** The ratio of the scale of products to 1 / √size. */
  private static double unscaled(Products products) {
    double factor = products.scale() * Math.sqrt(products.headSize());
    return Math.abs(factor - 1) <= TOLERANCE ? 1 : factor;
  }
}
