package io.espalier.trainer.executor.sparse;

import io.espalier.masks.Mask;
import io.espalier.trainer.sparse.SparseParameter;
import io.espalier.trainer.state.KeptUnits;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.ValueDigest;
import java.nio.FloatBuffer;
import java.util.List;

/** The state of a network of which only living units exist. Confined to one thread. */
final class SparseState implements StateAccess {
  private final List<StateLayout.Entry> entries;
  private final List<SparseParameter> parameters;

  /**
   * @param parameters one per entry of the layout
   */
  SparseState(StateLayout layout, List<SparseParameter> parameters) {
    this.entries = layout.entries();
    this.parameters = List.copyOf(parameters);
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
    if (entries.get(entry).mask().isPresent()) {
      throw new UnsupportedOperationException(
          "a prunable parameter must be read by its living units: parameter="
              + entries.get(entry).id().name());
    }
    return FloatBuffer.wrap(living(entry, slot));
  }

  private float[] living(int entry, int slot) {
    SparseParameter parameter = parameters.get(entry);
    return slot == 0 ? parameter.values() : parameter.moment(slot - 1);
  }

  @Override
  public void read(int entry, int slot, int from, FloatBuffer target) {
    Mask mask = parameters.get(entry).mask();
    float[] values = living(entry, slot);
    KeptUnits.read(mask, values, from, KeptUnits.before(mask, from), target);
  }

  @Override
  public void digest(int entry, int slot, ValueDigest digest) {
    digest.kept(parameters.get(entry).mask(), living(entry, slot));
  }

  @Override
  public void write(int entry, int slot, FloatBuffer source) {
    scatter(entry, slot, Mask.allKept(entries.get(entry).size()), source);
  }

  @Override
  public void scatter(int entry, int slot, Mask units, FloatBuffer source) {
    store(parameters.get(entry), units);
    source.get(living(entry, slot));
  }

  @Override
  public void gather(int entry, int slot, Mask units, FloatBuffer target) {
    KeptUnits.gather(parameters.get(entry).mask(), living(entry, slot), units, target);
  }

  @Override
  public void retain(int entry, int slot, Mask units) {
    store(parameters.get(entry), units);
  }

  @Override
  public void restart(int entry, int slot, Mask units) {
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
