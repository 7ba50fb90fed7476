package io.espalier.trainer.executor.sparse;

import io.espalier.trainer.sparse.SparseNetwork;
import io.espalier.trainer.sparse.SparseParameter;
import io.espalier.trainer.update.UpdateRule;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The gradients of a step, which the network holds after one pass, and which are added up here over
 * several, in their order. The masks must not change between them.
 */
final class StepGradients {
  private final SparseNetwork network;
  private final List<SparseParameter> parameters;
  private final float[][] kept;

  /** Sums of all units of pruned parameters, of pruned ones too; empty arrays where none asks. */
  private final float[][] whole;

  private boolean isSum;

  StepGradients(SparseNetwork network, List<SparseParameter> parameters) {
    this.network = network;
    this.parameters = parameters;
    kept = new float[parameters.size()][0];
    whole = new float[parameters.size()][0];
  }

  /** The step has one pass. */
  void ofOnePass() {
    isSum = false;
  }

  /**
   * The step has several passes.
   *
   * @param ofPruned whether {@link #read} will ask for gradients of pruned units
   */
  void ofSeveralPasses(boolean ofPruned) {
    isSum = true;
    for (int p = 0; p < kept.length; p++) {
      SparseParameter parameter = parameters.get(p);
      kept[p] = zeros(kept[p], parameter.gradient().length);
      whole[p] =
          zeros(whole[p], ofPruned && parameter.mask().pruned() > 0 ? parameter.shape().size() : 0);
    }
  }

  private static float[] zeros(float[] memory, int size) {
    if (memory.length != size) {
      return new float[size];
    }
    Arrays.fill(memory, 0);
    return memory;
  }

  /** Adds the gradients of a pass. */
  void add() {
    for (int p = 0; p < kept.length; p++) {
      SparseParameter parameter = parameters.get(p);
      UpdateRule.add(kept[p], parameter.gradient(), 1, kept[p].length);
      float[] sum = whole[p];
      if (sum.length > 0) {
        network.readGradients(
            parameter.shape().id(),
            (first, gradients) -> {
              for (int i = 0; i < gradients.length; i++) {
                sum[first + i] += gradients[i];
              }
            });
      }
    }
  }

  /** Leaves the sums of kept units as the network's gradients. */
  void give() {
    for (int p = 0; p < kept.length; p++) {
      System.arraycopy(kept[p], 0, parameters.get(p).gradient(), 0, kept[p].length);
    }
  }

  /** Shows the gradients of all units of a parameter, of pruned ones too. */
  void read(int index, FloatBuffer target) {
    SparseParameter parameter = parameters.get(index);
    if (parameter.mask().pruned() == 0) {
      target.put(0, parameter.gradient());
    } else if (isSum) {
      target.put(0, whole[index]);
    } else {
      network.readGradients(
          parameter.shape().id(), (first, gradients) -> target.put(first, gradients));
    }
  }
}
