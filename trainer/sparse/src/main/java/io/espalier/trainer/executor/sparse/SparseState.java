package io.espalier.trainer.executor.sparse;

import io.espalier.masks.Mask;
import io.espalier.trainer.executor.AuxiliaryArrays;
import io.espalier.trainer.optimizer.MovingAverage;
import io.espalier.trainer.sparse.SparseParameter;
import io.espalier.trainer.state.KeptUnits;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.ValueDigest;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The state of a network: of prunable weights only stored units have memory; of other parameters,
 * and of what mask kinds have beside weights, all. Confined to one thread.
 */
final class SparseState implements StateAccess {
  private final List<StateLayout.Entry> entries;
  private final List<SparseParameter> parameters;
  private final List<AuxiliaryArrays> auxiliary;

  /**
   * @param parameters of the network; the layout's other entries are auxiliary
   */
  SparseState(StateLayout layout, List<SparseParameter> parameters) {
    this.entries = layout.entries();
    this.parameters = List.copyOf(parameters);
    auxiliary =
        entries.subList(parameters.size(), entries.size()).stream()
            .map(AuxiliaryArrays::new)
            .toList();
  }

  /** The arrays beside a weight, in the order of the mask kind. */
  List<AuxiliaryArrays> beside(int weight) {
    return IntStream.range(0, auxiliary.size())
        .filter(
            i ->
                entries
                    .get(parameters.size() + i)
                    .beside()
                    .filter(of -> of.weight() == weight)
                    .isPresent())
        .mapToObj(auxiliary::get)
        .toList();
  }

  /** Whether an entry has memory for some of its units only. */
  private boolean isPacked(int entry) {
    return entries.get(entry).mask().isPresent()
        && SparseParameter.packs(entries.get(entry).shape());
  }

  /** Lets these units of a prunable parameter live; those that did not start at 0. */
  static void store(SparseParameter parameter, Mask units) {
    if (!parameter.mask().equals(units)) {
      int grown = units.kept() - units.countAnd(parameter.mask());
      parameter.replaceMask(units, new float[grown]);
    }
  }

  @Override
  public FloatBuffer array(int entry, int slot) {
    if (entry >= parameters.size()) {
      return auxiliary.get(entry - parameters.size()).array(slot);
    }
    if (isPacked(entry)) {
      throw new UnsupportedOperationException(
          "a prunable weight must be read by its living units: parameter="
              + entries.get(entry).id().name());
    }
    return FloatBuffer.wrap(living(entry, slot));
  }

  /** Has averages take in the weights after a step. */
  void average(MovingAverage average, long completed) {
    for (int i = 0; i < entries.size(); i++) {
      int slots = entries.get(i).slots();
      if (slots > 1) {
        average.add(stored(i, 0), stored(i, slots - 1), completed);
      }
    }
  }

  private FloatBuffer stored(int entry, int slot) {
    return entry < parameters.size()
        ? FloatBuffer.wrap(living(entry, slot))
        : auxiliary.get(entry - parameters.size()).array(slot);
  }

  private float[] living(int entry, int slot) {
    SparseParameter parameter = parameters.get(entry);
    return slot == 0 ? parameter.values() : parameter.moment(slot - 1);
  }

  @Override
  public void read(int entry, int slot, int from, FloatBuffer target) {
    if (!isPacked(entry)) {
      StateAccess.super.read(entry, slot, from, target);
      return;
    }
    Mask mask = parameters.get(entry).mask();
    float[] values = living(entry, slot);
    KeptUnits.read(mask, values, from, KeptUnits.before(mask, from), target);
  }

  @Override
  public void digest(int entry, int slot, ValueDigest digest) {
    if (!isPacked(entry)) {
      StateAccess.super.digest(entry, slot, digest);
      return;
    }
    digest.kept(parameters.get(entry).mask(), living(entry, slot));
  }

  @Override
  public void write(int entry, int slot, FloatBuffer source) {
    if (!isPacked(entry)) {
      StateAccess.super.write(entry, slot, source);
      return;
    }
    scatter(entry, slot, Mask.allKept(entries.get(entry).size()), source);
  }

  @Override
  public void scatter(int entry, int slot, Mask units, FloatBuffer source) {
    if (!isPacked(entry)) {
      StateAccess.super.scatter(entry, slot, units, source);
      return;
    }
    store(parameters.get(entry), units);
    source.get(living(entry, slot));
  }

  @Override
  public void gather(int entry, int slot, Mask units, FloatBuffer target) {
    if (!isPacked(entry)) {
      StateAccess.super.gather(entry, slot, units, target);
      return;
    }
    KeptUnits.gather(parameters.get(entry).mask(), living(entry, slot), units, target);
  }

  @Override
  public void retain(int entry, int slot, Mask units) {
    if (!isPacked(entry)) {
      StateAccess.super.retain(entry, slot, units);
      return;
    }
    store(parameters.get(entry), units);
  }

  @Override
  public void restart(int entry, int slot, Mask units) {
    if (!isPacked(entry)) {
      StateAccess.super.restart(entry, slot, units);
      return;
    }
    Mask mask = parameters.get(entry).mask();
    float[] values = living(entry, slot);
    int index = 0;
    for (int unit = mask.nextKept(0); unit >= 0; unit = mask.nextKept(unit + 1)) {
      if (units.isKept(unit)) {
        values[index] = 0;
      }
      index++;
    }
  }
}
