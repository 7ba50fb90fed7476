package io.espalier.trainer.state;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.kind.AuxiliaryParameter;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The arrays of a replica's state, in the order of transfers and files: the parameters of the
 * network in its order, then those that the mask kind has beside prunable weights.
 */
public final class StateLayout {
  private final List<Entry> entries;
  private final StateSlots slots;

  /**
   * A parameter: slots are value, moments and average, mask is its index among prunable ones.
   *
   * @param beside the weight that an auxiliary parameter belongs to; empty for the network's own
   */
  public record Entry(
      ParameterShape shape, Role role, int slots, Optional<Integer> mask, Optional<Beside> beside) {
    public ParameterId id() {
      return shape.id();
    }

    public int size() {
      return shape.size();
    }

    boolean untilLastUpdate() {
      return beside.filter(each -> each.parameter().untilLastUpdate()).isPresent();
    }
  }

  /**
   * An auxiliary parameter of a weight.
   *
   * @param weight index of the weight's entry
   */
  public record Beside(int weight, AuxiliaryParameter parameter) {}

  private StateLayout(List<Entry> entries, StateSlots slots) {
    this.entries = List.copyOf(entries);
    this.slots = slots;
  }

  public static StateLayout of(
      List<ParameterSpec> parameters, List<ParameterId> prunable, int moments) {
    return of(parameters, prunable, new StateSlots(moments, false), Set.of(), List.of());
  }

  /** Frozen parameters have values alone. */
  public static StateLayout of(
      List<ParameterSpec> parameters,
      List<ParameterId> prunable,
      StateSlots slots,
      Set<ParameterId> frozen,
      List<AuxiliaryParameter> auxiliary) {
    List<Entry> entries = new ArrayList<>();
    for (ParameterSpec parameter : parameters) {
      ParameterId id = parameter.shape().id();
      int mask = prunable.indexOf(id);
      boolean steps = parameter.role().isTrained() && !frozen.contains(id);
      entries.add(
          new Entry(
              parameter.shape(),
              parameter.role(),
              steps ? 1 + slots.count() : 1,
              mask < 0 ? Optional.empty() : Optional.of(mask),
              Optional.empty()));
    }
    for (int weight = 0; weight < parameters.size(); weight++) {
      for (AuxiliaryParameter each : auxiliary) {
        if (entries.get(weight).mask().isPresent()) {
          entries.add(beside(entries.get(weight).shape(), new Beside(weight, each), slots));
        }
      }
    }
    return new StateLayout(entries, slots);
  }

  private static Entry beside(ParameterShape weight, Beside beside, StateSlots slots) {
    AuxiliaryParameter parameter = beside.parameter();
    return new Entry(
        new ParameterShape(
            new ParameterId(weight.id().name() + "." + parameter.name()),
            parameter.dimensions(weight)),
        Role.AUXILIARY,
        parameter.training().isPresent() ? 1 + slots.count() : 1,
        Optional.empty(),
        Optional.of(beside));
  }

  public List<Entry> entries() {
    return entries;
  }

  /** Indices of the entries of an auxiliary parameter, one per prunable parameter in order. */
  public List<Integer> auxiliary(String name) {
    return IntStream.range(0, entries.size())
        .filter(
            i ->
                entries
                    .get(i)
                    .beside()
                    .filter(it -> it.parameter().name().equals(name))
                    .isPresent())
        .boxed()
        .toList();
  }

  /** What trained parameters have beside their values. */
  public StateSlots slots() {
    return slots;
  }

  /** The slot of an entry's average; empty if the run keeps none of it. */
  public Optional<Integer> averageOf(Entry entry) {
    return slots.average() && entry.slots() > 1 ? Optional.of(entry.slots() - 1) : Optional.empty();
  }

  public boolean hasNorms() {
    return entries.stream().anyMatch(entry -> entry.role() == Role.RUNNING_MEAN);
  }

  public int packedBytes(LiveUnits living) {
    return Math.multiplyExact(packedFloats(living), Float.BYTES);
  }

  public int packedFloats(LiveUnits living) {
    long floats = 0;
    for (Entry entry : entries) {
      floats += (long) living.count(entry) * entry.slots();
    }
    return Math.toIntExact(floats);
  }
}
