package io.espalier.trainer.state;

import io.espalier.masks.Mask;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/** Packs living values by parameter and slot. Both ends know which units live. */
public final class StateCodec {
  private final StateLayout layout;

  public StateCodec(StateLayout layout) {
    this.layout = layout;
  }

  private interface Visitor {
    void visit(int entry, int slot, Optional<Mask> living);
  }

  private void forEach(LiveUnits living, Visitor visitor) {
    for (int i = 0; i < layout.entries().size(); i++) {
      StateLayout.Entry entry = layout.entries().get(i);
      Optional<Mask> mask = living.mask(entry);
      for (int slot = 0; slot < entry.slots(); slot++) {
        visitor.visit(i, slot, mask);
      }
    }
  }

  public void pack(StateAccess state, LiveUnits living, FloatBuffer target) {
    forEach(living, (entry, slot, units) -> pack(state, entry, slot, units, target));
  }

  /** Appends the living units of an array. */
  void pack(StateAccess state, int entry, int slot, Optional<Mask> units, FloatBuffer target) {
    if (units.isPresent()) {
      state.gather(entry, slot, units.get(), target);
    } else {
      FloatBuffer all = target.slice(target.position(), size(entry));
      state.read(entry, slot, 0, all);
      target.position(target.position() + size(entry));
    }
  }

  /** Overwrites all of {@code state}: living values from {@code source}, 0 elsewhere. */
  public void unpack(FloatBuffer source, LiveUnits living, StateAccess state) {
    forEach(living, (entry, slot, units) -> unpack(source, units, state, entry, slot));
  }

  /** Takes the living units of an array; all others become 0. */
  void unpack(FloatBuffer source, Optional<Mask> units, StateAccess state, int entry, int slot) {
    if (units.isPresent()) {
      state.scatter(entry, slot, units.get(), source);
    } else {
      state.write(entry, slot, source);
    }
  }

  private int size(int entry) {
    return layout.entries().get(entry).size();
  }

  /** Overwrites all of {@code to}, which may store a state in another way. */
  public void copy(StateAccess from, LiveUnits living, StateAccess to) {
    forEach(living, (entry, slot, units) -> copy(from, entry, slot, units, to, true));
  }

  /** Copies values and sets moments to 0, which {@code from} need not have. */
  public void copyValues(StateAccess from, LiveUnits living, StateAccess to) {
    forEach(living, (entry, slot, units) -> copy(from, entry, slot, units, to, slot == 0));
  }

  private void copy(
      StateAccess from, int entry, int slot, Optional<Mask> units, StateAccess to, boolean isKept) {
    FloatBuffer values = FloatBuffer.allocate(units.map(Mask::kept).orElse(size(entry)));
    if (isKept) {
      pack(from, entry, slot, units, values);
    }
    unpack(values.clear(), units, to, entry, slot);
  }

  public void clearDead(StateAccess state, LiveUnits living) {
    forEach(
        living, (entry, slot, units) -> units.ifPresent(mask -> state.retain(entry, slot, mask)));
  }

  /** Sets the first moment of hidden weights to 0 where the mask kind gives them no momentum. */
  public void clearHiddenMomentum(StateAccess state, MaskState masks) {
    if (masks.kind().hiddenMomentum() || !masks.hidesLivingUnits()) {
      return;
    }
    for (int i = 0; i < layout.entries().size(); i++) {
      StateLayout.Entry entry = layout.entries().get(i);
      if (entry.mask().isPresent() && entry.slots() > 1 && layout.slots().moments() > 0) {
        Mask kept = masks.masks().masks().get(entry.mask().get());
        state.restart(i, 1, Mask.allKept(kept.size()).andNot(kept));
      }
    }
  }

  /** Sets value and moments of restarted units to 0; {@code restarted} may be empty. */
  public void restart(StateAccess state, List<Mask> restarted) {
    for (int i = 0; !restarted.isEmpty() && i < layout.entries().size(); i++) {
      StateLayout.Entry entry = layout.entries().get(i);
      for (int slot = 0; entry.mask().isPresent() && slot < entry.slots(); slot++) {
        state.restart(i, slot, restarted.get(entry.mask().get()));
      }
    }
  }
}
