package io.espalier.trainer.federated;

import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateLayout;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The norm statistics of a network: running means and variances, in layout order. */
public final class NormEntries {
  private static final float LARGEST = 1e12f;

  private final List<Integer> indices;
  private final List<Integer> sizes;
  private final List<Boolean> variances;

  public NormEntries(StateLayout layout) {
    indices =
        IntStream.range(0, layout.entries().size())
            .filter(i -> !layout.entries().get(i).role().isTrained())
            .boxed()
            .toList();
    sizes = indices.stream().map(i -> layout.entries().get(i).size()).toList();
    variances =
        indices.stream().map(i -> layout.entries().get(i).role() == Role.RUNNING_VARIANCE).toList();
  }

  /** Channels of each statistic. */
  public List<Integer> sizes() {
    return sizes;
  }

  /**
   * Whether a value can be one of a statistic: finite, far from what floats cannot square, and not
   * below 0 where it is a variance.
   */
  public boolean isSound(int statistic, float value) {
    return Math.abs(value) <= LARGEST && (value >= 0 || !variances.get(statistic));
  }

  /** A copy of the statistics that a network holds. */
  public List<float[]> read(StateAccess state) {
    List<float[]> norms = new ArrayList<>();
    for (int index : indices) {
      FloatBuffer values = state.array(index, 0);
      float[] copy = new float[values.remaining()];
      values.get(copy);
      norms.add(copy);
    }
    return norms;
  }

  /** Overwrites the statistics that a network holds. */
  public void write(List<float[]> norms, StateAccess state) {
    for (int i = 0; i < norms.size(); i++) {
      state.array(indices.get(i), 0).put(norms.get(i));
    }
  }
}
