package io.espalier.masks.refit;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.InputStatistic;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Weights and bias of a layer with the products of its inputs. The bias is the weight of one more
 * input behind the others, which is always 1 and kept.
 */
final class LayerValues {
  private final int features;
  private final int outputs;
  private final float[] weights;
  private final Optional<float[]> bias;
  private final List<LayerProducts> groups;

  /**
   * Holds the arrays without copying them.
   *
   * @param products {@code [groups, features, features]}
   * @param means {@code [groups, features]}
   */
  LayerValues(
      ParameterShape shape,
      float[] weights,
      Optional<float[]> bias,
      float[] products,
      float[] means) {
    this.features = InputStatistic.features(shape);
    this.outputs = shape.dimensions().get(0);
    this.weights = weights;
    this.bias = bias;
    this.groups =
        IntStream.range(0, means.length / features)
            .mapToObj(group -> new LayerProducts(products, bias.map(b -> means), features, group))
            .toList();
  }

  /** Features of one output, without the constant input. */
  int features() {
    return features;
  }

  List<LayerProducts> groups() {
    return groups;
  }

  /** The outputs of a group. */
  int[] outputs(int group) {
    int perGroup = outputs / groups.size();
    return IntStream.range(group * perGroup, (group + 1) * perGroup).toArray();
  }

  boolean isKept(Mask kept, int output, int input) {
    return input == features || kept.isKept(output * features + input);
  }

  double value(int output, int input) {
    return input == features ? bias.orElseThrow()[output] : weights[output * features + input];
  }

  void set(int output, int input, double value) {
    if (input == features) {
      bias.orElseThrow()[output] = (float) value;
    } else {
      weights[output * features + input] = (float) value;
    }
  }

  /** Whether a weight that is not 0 goes. */
  boolean loses(Mask kept, int output) {
    return IntStream.range(0, features)
        .anyMatch(input -> !isKept(kept, output, input) && value(output, input) != 0);
  }
}
