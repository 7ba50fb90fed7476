package io.espalier.trainer.state;

import io.espalier.masks.Mask;
import java.nio.FloatBuffer;

/**
 * In-place access to the arrays of a state, by entry of its {@link StateLayout}: slot 0 is the
 * value, the next are optimizer moments.
 *
 * <p>A dense state has every array and needs no more than {@link #array}. A compact state stores
 * only living units of prunable parameters and overrides the other methods: {@link #write}, {@link
 * #scatter} and {@link #retain} tell it which units live, the same ones for each slot of an entry;
 * dead ones read as 0.
 */
public interface StateAccess {
  /**
   * A live view, positioned at 0 and as long as the entry. A compact state throws {@link
   * UnsupportedOperationException} for prunable weights.
   */
  FloatBuffer array(int entry, int slot);

  /** Fills what remains of {@code target} with values from a unit on, dead ones included. */
  default void read(int entry, int slot, int from, FloatBuffer target) {
    target.put(array(entry, slot).slice(from, target.remaining()));
  }

  /** Adds the values to a digest. */
  default void digest(int entry, int slot, ValueDigest digest) {
    digest.all(array(entry, slot));
  }

  /** Takes as many values as the entry has from {@code source}; all its units live. */
  default void write(int entry, int slot, FloatBuffer source) {
    FloatBuffer target = array(entry, slot);
    int count = target.remaining();
    target.put(source.slice(source.position(), count));
    source.position(source.position() + count);
  }

  /** Appends the values of units, in their order. */
  default void gather(int entry, int slot, Mask units, FloatBuffer target) {
    new MaskedArrayCopy().gather(array(entry, slot), units, target);
  }

  /** Takes the values of units from {@code source}, in their order; all others become 0. */
  default void scatter(int entry, int slot, Mask units, FloatBuffer source) {
    new MaskedArrayCopy().scatter(source, units, array(entry, slot));
  }

  /** Sets all but these units to 0. */
  default void retain(int entry, int slot, Mask units) {
    new MaskedArrayCopy().clear(array(entry, slot), units);
  }

  /** Sets these units to 0; they go on living. */
  default void restart(int entry, int slot, Mask units) {
    FloatBuffer values = array(entry, slot);
    units.forEachKept(unit -> values.put(unit, 0f));
  }
}
