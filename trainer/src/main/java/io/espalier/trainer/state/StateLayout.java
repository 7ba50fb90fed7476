package io.espalier.trainer.state;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The arrays of a replica's state, in the order of transfers and files. */
public final class StateLayout {
  private final List<Entry> entries;

  /** A parameter: slots are value and moments, mask is its index among prunable ones. */
  public record Entry(ParameterId id, int size, Role role, int slots, Optional<Integer> mask) {}

  private StateLayout(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  public static StateLayout of(
      List<ParameterSpec> parameters, List<ParameterId> prunable, int moments) {
    List<Entry> entries = new ArrayList<>();
    for (ParameterSpec parameter : parameters) {
      ParameterId id = parameter.shape().id();
      int mask = prunable.indexOf(id);
      entries.add(
          new Entry(
              id,
              parameter.shape().size(),
              parameter.role(),
              parameter.role().isTrained() ? 1 + moments : 1,
              mask < 0 ? Optional.empty() : Optional.of(mask)));
    }
    return new StateLayout(entries);
  }

  public List<Entry> entries() {
    return entries;
  }

  public int moments() {
    return entries.stream().mapToInt(Entry::slots).max().orElse(1) - 1;
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
