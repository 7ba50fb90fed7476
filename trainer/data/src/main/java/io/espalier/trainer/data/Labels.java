package io.espalier.trainer.data;

import java.util.stream.IntStream;

/** Labels of examples: as many for each, one by default. */
sealed interface Labels permits Labels.Listed, TokenWindows {
  int examples();

  /** Labels of an example, one per position. */
  int positions();

  int label(int example, int position);

  Labels select(int[] indices);

  /** All labels, example by example. */
  default IntStream all() {
    return IntStream.range(0, examples())
        .flatMap(
            example -> IntStream.range(0, positions()).map(position -> label(example, position)));
  }

  /** Labels as an array, example by example. */
  final class Listed implements Labels {
    private final int[] labels;
    private final int positions;

    /** Takes ownership of {@code labels}. */
    Listed(int[] labels, int positions) {
      this.labels = labels;
      this.positions = positions;
    }

    @Override
    public int examples() {
      return labels.length / positions;
    }

    @Override
    public int positions() {
      return positions;
    }

    @Override
    public int label(int example, int position) {
      return labels[example * positions + position];
    }

    @Override
    public Labels select(int[] indices) {
      int[] selected = new int[indices.length * positions];
      for (int i = 0; i < indices.length; i++) {
        System.arraycopy(labels, indices[i] * positions, selected, i * positions, positions);
      }
      return new Listed(selected, positions);
    }
  }
}
