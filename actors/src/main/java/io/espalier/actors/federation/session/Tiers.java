package io.espalier.actors.federation.session;

import io.espalier.masks.MaskSet;
import io.espalier.masks.nesting.NestedMasks;
import io.espalier.trainer.commit.Committed;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The masks that devices of each density cap hold of one global model. Not thread-safe. */
public final class Tiers {
  private final NestedMasks nested;
  private final Map<Double, MaskSet> masks = new HashMap<>();

  /** The tiers of a model of that run. */
  public Tiers(PreparedRun run, Committed model) {
    List<StateLayout.Entry> entries = run.stateLayout().entries();
    List<float[]> weights =
        IntStream.range(0, entries.size())
            .filter(i -> entries.get(i).mask().isPresent())
            .mapToObj(i -> model.state().values(i, 0))
            .toList();
    nested = NestedMasks.of(model.masks().masks(), weights);
  }

  /** The masks of a device that can hold this share of the prunable weights. */
  public MaskSet within(double cap) {
    return masks.computeIfAbsent(cap, nested::within);
  }
}
