package io.espalier.trainer.federated;

import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateLayout;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

final class NormEntries {
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

  public List<Integer> sizes() {
    return sizes;
  }

  /** Whether a statistic is a running variance; that of the mean before it. */
  public boolean isVariance(int statistic) {
    return variances.get(statistic);
  }

  public boolean isSound(int statistic, float value) {
    return Math.abs(value) <= LARGEST && (value >= 0 || !variances.get(statistic));
  }

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

  public void write(List<float[]> norms, StateAccess state) {
    for (int i = 0; i < norms.size(); i++) {
      state.array(indices.get(i), 0).put(norms.get(i));
    }
  }
}
