package io.espalier.trainer.observer;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.Addend;
import io.espalier.trainer.network.Addends;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.NormLayer;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ResidualUnit;
import io.espalier.trainer.network.Unfold;
import io.espalier.trainer.network.WeightedLayer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A layer with a prunable weight.
 *
 * @param unfold what of its input the weight multiplies
 * @param bias of the layer, if it has one
 * @param beside trained parameters of one value per output: its bias, and those of a norm that
 *     alone follows it
 * @param residual the unit that it is in, if a residual goes around it
 * @param addends earlier layers of prunable weights whose outputs are added to its own
 */
public record ObservedLayer(
    ParameterShape weight,
    Unfold unfold,
    Optional<ParameterId> bias,
    List<ParameterId> beside,
    Optional<ResidualPlace> residual,
    List<Addend> addends) {
  public ObservedLayer {
    beside = List.copyOf(beside);
    addends = List.copyOf(addends);
  }

  /**
   * A place among the units of a network.
   *
   * @param unit of {@code units}, from 0
   * @param isFirst whether the weight is the first of its unit
   */
  public record ResidualPlace(List<ResidualUnit> units, int unit, boolean isFirst) {
    public ResidualPlace {
      units = List.copyOf(units);
    }

    static Optional<ResidualPlace> of(ParameterId weight, List<ResidualUnit> units) {
      return IntStream.range(0, units.size())
          .filter(unit -> units.get(unit).weights().contains(weight))
          .mapToObj(
              unit ->
                  new ResidualPlace(units, unit, units.get(unit).weights().get(0).equals(weight)))
          .findFirst();
    }

    ResidualUnit own() {
      return units.get(unit);
    }

    /** The nodes between units, by name. */
    public Stream<String> nodes() {
      return units.stream().flatMap(each -> Stream.of(each.from(), each.to()));
    }
  }

  /** A layer that no residual goes around, and whose output is added to none. */
  public ObservedLayer(
      ParameterShape weight, Unfold unfold, Optional<ParameterId> bias, List<ParameterId> beside) {
    this(weight, unfold, bias, beside, Optional.empty(), List.of());
  }

  /**
   * The layers of prunable parameters, in their order.
   *
   * @param units of the network
   */
  public static List<ObservedLayer> of(
      Network network, List<ParameterId> prunable, List<ResidualUnit> units) {
    Addends addends = Addends.of(network, prunable);
    return prunable.stream().map(id -> of(network, id, units, addends.before(id))).toList();
  }

  private static ObservedLayer of(
      Network network, ParameterId id, List<ResidualUnit> units, List<Addend> addends) {
    for (GraphNode node : network.nodes()) {
      List<ParameterSpec> parameters = network.parametersOf(node);
      if (!parameters.isEmpty() && parameters.get(0).id().equals(id)) {
        return new ObservedLayer(
            parameters.get(0).shape(),
            node.layer()
                .as(WeightedLayer.class)
                .map(WeightedLayer::unfold)
                .orElseThrow(() -> new IllegalStateException("a weight must have a layer: " + id)),
            parameters.stream()
                .filter(spec -> spec.role() == ParameterSpec.Role.BIAS)
                .map(ParameterSpec::id)
                .findFirst(),
            beside(network, node),
            ResidualPlace.of(id, units),
            addends);
      }
    }
    throw new IllegalArgumentException("a parameter must be the weight of a layer: id=" + id);
  }

  private static List<ParameterId> beside(Network network, GraphNode node) {
    List<GraphNode> next =
        network.nodes().stream().filter(each -> each.inputs().contains(node.name())).toList();
    Stream<GraphNode> norm = next.stream().filter(each -> each.layer() instanceof NormLayer);
    return Stream.concat(
            network.parametersOf(node).stream().skip(1),
            next.size() == 1
                ? norm.flatMap(each -> network.parametersOf(each).stream())
                : Stream.empty())
        .filter(spec -> spec.role().isTrained())
        .map(ParameterSpec::id)
        .toList();
  }

  /** The unit that a residual goes around. */
  public Optional<ResidualUnit> unit() {
    return residual.map(ResidualPlace::own);
  }

  public int groups() {
    return unfold.groups();
  }
}
