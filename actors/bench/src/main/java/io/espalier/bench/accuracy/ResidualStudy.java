package io.espalier.bench.accuracy;

import java.util.List;
import java.util.stream.Stream;

/**
 * ResNet-20 with channels that are masked, cut while training goes on, drawn at random and cut, and
 * narrow from the start.
 */
final class ResidualStudy {
  private static final int WIDTH = 16;
  private static final int EXAMPLES = 60_000;
  private static final String RECIPE =
      """
      name = shrink
      data { kind = fashion-mnist, batch-size = 128 }
      model { kind = resnet-20, width = %d }
      train {
        sync-every = 13
        evaluate-every = none
        optimizer { kind = sgd, momentum = 0.9, weight-decay = 5e-4 }
        learning-rate { kind = cosine, initial = 0.1, warm-up = 1 epoch }
      }
      prune {
        granularity {
          kind = channel, budget = macs, settle = 0, multiple = 8
          members = readers, reduction = sum, signs = result, normalisation = none
        }
        score { kind = taylor, batches = 4 }
        allocation = uniform
        schedule { kind = cubic, begin = 8%%, end = 30%%, updates = 5 }
      }
      """
          .formatted(WIDTH);

  private ResidualStudy() {}

  static ShrinkStudy study() {
    return new ShrinkStudy(
        "resnet-20",
        RECIPE,
        Stream.concat(
                Stream.of(ShrinkRow.dense()), Stream.of(0.5, 0.75).flatMap(ResidualStudy::rows))
            .toList(),
        EXAMPLES,
        false);
  }

  /** The lines that lose a share of the multiply-accumulates. */
  private static Stream<ShrinkRow> rows(double reduction) {
    String pruned = "prune.sparsity=" + reduction;
    long width = Math.round(WIDTH * Math.sqrt(1 - reduction));
    return Stream.of(
        row("masked", reduction, pruned, "prune.granularity.cut=end"),
        row("live", reduction, pruned),
        row("random", reduction, pruned, "prune.score=random"),
        row("small", reduction, "prune.sparsity=0", "model.width=" + width));
  }

  private static ShrinkRow row(String name, double reduction, String... overrides) {
    return new ShrinkRow(name + "-" + Math.round(100 * reduction), List.of(overrides));
  }
}
