package io.espalier.trainer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.trainer.data.Batch;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.network.ImageShape;
import org.junit.jupiter.api.Test;

final class NeuronStatesTest {
  private static final double EXACT = 1e-6;

  private static Batch labelled(int... labels) {
    int[] all = new int[labels.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    return new Batch(new ImageShape(1, 1, 1), labels.length)
        .fill(Examples.ofFloats(new float[labels.length], labels), all, 0, labels.length);
  }

  @Test
  void entropy_ofWorkedShares_isTheWorkedNumber() {
    double mean =
        (NeuronStates.entropy(.9) + NeuronStates.entropy(.1) + NeuronStates.entropy(.5)) / 3;

    assertThat(NeuronStates.entropy(.9)).isCloseTo(.468996, within(EXACT));
    assertThat(NeuronStates.entropy(.5)).isEqualTo(1);
    assertThat(mean).isCloseTo(.645997, within(EXACT));
    assertThat(NeuronStates.entropy(0)).isZero();
    assertThat(NeuronStates.entropy(1)).isZero();
  }

  /** Of the second neuron, class 0 is on at one position of four, class 1 at all. */
  @Test
  void entropies_ofTwoClasses_areMeansOverClassesAndPositions() {
    NeuronStates states = new NeuronStates(3);

    states.add(new float[] {-1, 0, 5, -1}, 2, labelled(0));
    states.add(new float[] {-1, -1, -2, 0, -1, -1, 1, 2}, 2, labelled(0, 1));

    double[] entropies = states.entropies();
    assertThat(entropies[0]).isZero();
    assertThat(entropies[1]).isCloseTo(NeuronStates.entropy(.25) / 2, within(EXACT));
  }
}
