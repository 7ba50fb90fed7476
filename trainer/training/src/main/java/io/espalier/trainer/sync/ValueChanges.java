package io.espalier.trainer.sync;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.NetworkGroups.ScaledNorm;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateLayout;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Changes of kept values by a mask update; either list may be empty.
 *
 * @param restarted units that restart at 0, one mask per prunable parameter
 * @param normRatios factor of the scale of each {@link ScaledNorm} of the whole network
 */
public record ValueChanges(List<Mask> restarted, List<Float> normRatios) {
  public static final ValueChanges NONE = new ValueChanges(List.of(), List.of());

  public ValueChanges {
    restarted = List.copyOf(restarted);
    normRatios = List.copyOf(normRatios);
  }

  /** Scales norms before any cut, and SGD's momentum; Adam's steps ignore the gradient's length. */
  public void scaleNorms(PreparedRun run, StateAccess state) {
    if (normRatios.isEmpty()) {
      return;
    }
    List<ScaledNorm> norms = ScaledNorm.of(run.wholeNetwork());
    Map<ParameterId, Float> ratios = new HashMap<>();
    for (int i = 0; i < norms.size(); i++) {
      ratios.put(norms.get(i).scale(), normRatios.get(i));
    }
    List<StateLayout.Entry> entries = run.stateLayout().entries();
    boolean momentum = run.stateLayout().slots().moments() == 1;
    for (int i = 0; i < entries.size(); i++) {
      Float ratio = ratios.get(entries.get(i).id());
      if (ratio != null) {
        scale(state.array(i, 0), ratio);
        if (momentum && entries.get(i).slots() > 1) {
          scale(state.array(i, 1), ratio);
        }
        Optional<Integer> average = run.stateLayout().averageOf(entries.get(i));
        if (average.isPresent()) {
          scale(state.array(i, average.get()), ratio);
        }
      }
    }
  }

  private static void scale(FloatBuffer values, float ratio) {
    for (int i = values.position(); i < values.limit(); i++) {
      values.put(i, values.get(i) * ratio);
    }
  }
}
