package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.network.BatchNorm;

/**
 * The training pass of a batch norm over few channels that lie innermost in memory and are no whole
 * vectors, of which the engine computes each cell's rest value by value. Here {@code folds} cells
 * stand beside each other, so that {@code [cells, channels]} becomes {@code [cells / folds, folds ·
 * channels]} with rows of whole vectors.
 *
 * <p>Mean and second moment are sums over rows, then over the folds of a channel. The second moment
 * is taken around the mean of all folds, which equals the merge of their own ones (Chan, Golub and
 * LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979). The
 * result equals the engine's up to rounding.
 */
final class FoldedBatchNorm {
  private static final int VECTOR = 8;

  /** From here on the engine's own pass is as fast, or faster. */
  private static final int MOST_CHANNELS = 24;

  /** Below, more operations cost more than the folds save. */
  private static final long LEAST_VALUES = 1 << 15;

  private static final int[] ROWS = {0};

  private final Shape images;
  private final int channels;
  private final int folds;
  private final long rows;

  private FoldedBatchNorm(Shape images) {
    this.images = images;
    channels = Math.toIntExact(images.get(1));
    folds = VECTOR / Math.min(VECTOR, Integer.lowestOneBit(channels));
    rows = images.get(0) * images.get(2) * images.get(3) / folds;
  }

  /** Whether folds are faster for images {@code [batch, channels, height, width]} or vectors. */
  static boolean isFaster(Shape input) {
    if (input.dimension() != 4 || input.get(1) > MOST_CHANNELS || input.size() < LEAST_VALUES) {
      return false;
    }
    FoldedBatchNorm norm = new FoldedBatchNorm(input);
    return norm.folds > 1 && norm.rows * norm.folds * norm.channels == input.size();
  }

  /** Normalises, and updates the running statistics, as {@link BatchNorm} does. */
  static NDArray forward(Forward pass, float epsilon) {
    return new FoldedBatchNorm(pass.input().getShape()).normalised(pass, epsilon);
  }

  private NDArray normalised(Forward pass, float epsilon) {
    try (NDArray cells = pass.input().transpose(0, 2, 3, 1);
        NDArray folded = cells.reshape(rows, columns())) {
      NDArray mean = mean(folded);
      NDArray centre = mean.stopGradient();
      try (NDArray centred = folded.sub(centre.tile(folds))) {
        NDArray variance = variance(centred);
        update(pass, centre, variance.stopGradient());
        NDArray gain =
            pass.parameter(0).div(variance.add(ConstantOperand.beside(variance, epsilon)).sqrt());
        NDArray shift = pass.parameter(1).sub(gain.mul(mean.sub(centre)));
        return unfolded(scaled(centred, gain.tile(folds), shift.tile(folds)));
      }
    }
  }

  private long columns() {
    return (long) folds * channels;
  }

  private NDArray mean(NDArray folded) {
    return folded
        .sum(ROWS)
        .reshape(folds, channels)
        .sum(ROWS)
        .div(ConstantOperand.beside(folded, (double) (rows * folds)));
  }

  /** Biased; one factor is a constant, so that the gradient is one product, counted twice. */
  private NDArray variance(NDArray centred) {
    try (NDArray constant = centred.stopGradient();
        NDArray squares = centred.mul(constant)) {
      NDArray variance = mean(squares);
      return variance.add(variance).sub(variance.stopGradient());
    }
  }

  /** The engine's norm with statistics that change nothing: one pass forward, two backward. */
  private NDArray scaled(NDArray centred, NDArray gain, NDArray shift) {
    NDManager manager = centred.getManager();
    Shape columns = new Shape(columns());
    try (NDArray images = centred.reshape(rows, columns(), 1, 1)) {
      return ai.djl.nn.norm.BatchNorm.batchNorm(
              images, manager.zeros(columns), manager.ones(columns), gain, shift, 1, 1, 0, false)
          .singletonOrThrow();
    }
  }

  private NDArray unfolded(NDArray scaled) {
    try (scaled;
        NDArray cells = scaled.reshape(images.get(0), images.get(2), images.get(3), channels)) {
      return cells.transpose(0, 3, 1, 2);
    }
  }

  private void update(Forward pass, NDArray mean, NDArray variance) {
    double count = (double) rows * folds;
    float share = 1 - pass.normMomentum();
    follow(pass, 2, mean, share);
    follow(pass, 3, variance, share * count / (count - 1));
  }

  private static void follow(Forward pass, int statistic, NDArray batch, double share) {
    NDArray running = pass.parameter(statistic);
    running
        .muli(ConstantOperand.beside(batch, pass.normMomentum()))
        .addi(batch.mul(ConstantOperand.beside(batch, share)));
  }
}
