package io.espalier.trainer.network;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import java.util.List;
import java.util.Optional;

/**
 * One computation of a network as data: settings without parameter values. What a back end makes of
 * it is a {@link LayerForm}; abilities that some layers have are small interfaces, such as {@link
 * WeightedLayer}.
 *
 * <p>A layer is a record in a file of its own, listed by its {@link LayerKind} in {@link
 * LayerRegistry}. Model files store the record's components by name: those never change.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public interface Layer {
  /** The default that norms add to a variance. */
  float EPSILON = 1e-5f;

  default boolean takes(int inputs) {
    return inputs == 1;
  }

  /**
   * The output's shape, by default the first input's; throws {@link TensorShape.MismatchException}.
   */
  default TensorShape outputOf(List<TensorShape> inputs) {
    return inputs.get(0);
  }

  /** Parameters in the order in which the layer takes them, named {@code node.role}. */
  default List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
    return List.of();
  }

  /**
   * Declares which channels are cut together, and returns the output's; by default the inputs' own.
   */
  default ChannelPort channels(LayerChannels layer) {
    layer.inputs().forEach(each -> layer.graph().tie(layer.input(), each));
    return layer.perChannel(layer.input());
  }

  /**
   * Whether pruned channels of its output are 0, by whether those of its inputs are; asked of
   * layers in front of a {@link PositionNorm}, and of those that a residual goes around.
   */
  default boolean prunesToZero(List<Boolean> inputs) {
    return !inputs.contains(false);
  }

  /** This layer after a cut, with the channels left of its first input and of its output. */
  default Layer narrowed(int channels, int outputs) {
    return this;
  }

  /** This layer as one that has an ability, such as {@link WeightedLayer}; empty if it has not. */
  default <A> Optional<A> as(Class<A> ability) {
    return ability.isInstance(this) ? Optional.of(ability.cast(this)) : Optional.empty();
  }
}
