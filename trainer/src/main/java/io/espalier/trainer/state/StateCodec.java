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

  public void pack(StateAccess state, LiveUnits living, FloatBuffer target) {
    MaskedArrayCopy copy = new MaskedArrayCopy();
    for (int i = 0; i < layout.entries().size(); i++) {
      StateLayout.Entry entry = layout.entries().get(i);
      Optional<Mask> mask = living.mask(entry);
      for (int slot = 0; slot < entry.slots(); slot++) {
        FloatBuffer source = state.array(i, slot);
        if (mask.isPresent()) {
          copy.gather(source, mask.get(), target);
        } else {
          target.put(source);
        }
      }
    }
  }

  /** Overwrites all of {@code state}: living values from {@code source}, 0 elsewhere. */
  public void unpack(FloatBuffer source, LiveUnits living, StateAccess state) {
    MaskedArrayCopy copy = new MaskedArrayCopy();
    for (int i = 0; i < layout.entries().size(); i++) {
      StateLayout.Entry entry = layout.entries().get(i);
      Optional<Mask> mask = living.mask(entry);
      for (int slot = 0; slot < entry.slots(); slot++) {
        FloatBuffer target = state.array(i, slot);
        if (mask.isPresent()) {
          copy.scatter(source, mask.get(), target);
        } else {
          target.put(source.slice(source.position(), entry.size()));
          source.position(source.position() + entry.size());
        }
      }
    }
  }

  public void clearDead(StateAccess state, LiveUnits living) {
    MaskedArrayCopy copy = new MaskedArrayCopy();
    for (int i = 0; i < layout.entries().size(); i++) {
      StateLayout.Entry entry = layout.entries().get(i);
      Optional<Mask> mask = living.mask(entry);
      for (int slot = 0; mask.isPresent() && slot < entry.slots(); slot++) {
        copy.clear(state.array(i, slot), mask.get());
      }
    }
  }

  /** Sets value and moments of restarted units to 0; {@code restarted} may be empty. */
  public void restart(StateAccess state, List<Mask> restarted) {
    for (int i = 0; !restarted.isEmpty() && i < layout.entries().size(); i++) {
      StateLayout.Entry entry = layout.entries().get(i);
      for (int slot = 0; entry.mask().isPresent() && slot < entry.slots(); slot++) {
        FloatBuffer values = state.array(i, slot);
        restarted.get(entry.mask().get()).forEachKept(unit -> values.put(unit, 0f));
      }
    }
  }
}
