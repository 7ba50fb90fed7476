package io.espalier.bench.accuracy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * ResNet-20 with channels that are masked, cut while training goes on, drawn at random and cut, and
 * narrow from the start.
 */
final class ResidualStudy {
  private static final int WIDTH = 16;
  private static final int EXAMPLES = 60_000;
  private static final List<Integer> SHARES = List.of(50, 75);

  /** Of all lines but those that compare windows. */
  private static final ChannelCuts CUTS = new ChannelCuts(40, 60, "global");

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
          kind = channel, budget = macs, settle = 0, round-to = 8
          members = readers, reduction = sum, signs = result, normalisation = none
        }
        score { kind = taylor, batches = 4 }
      }
      %s
      """
          .formatted(WIDTH, String.join("\n", CUTS.settings()));

  /**
   * G. Fang et al., "DepGraph: Towards Any Structural Pruning", 2023, in their program: three
   * epochs dense, Taylor scores over all groups, widths in multiples of 8, three epochs more; two
   * seeds.
   */
  private static final List<ReferencePoint> TORCH_PRUNING =
      List.of(
          new ReferencePoint("Torch-Pruning 1.6.1, −50 %", 0.5, List.of(89.74, 89.40)),
          new ReferencePoint("Torch-Pruning 1.6.1, −75 %", 0.25, List.of(89.05, 88.77)));

  private ResidualStudy() {}

  static ShrinkStudy study() {
    List<ShrinkRow> rows = new ArrayList<>(List.of(ShrinkRow.dense()));
    Map<Integer, List<ShrinkRow>> windows = new LinkedHashMap<>();
    for (int share : SHARES) {
      rows.addAll(rows(share));
      windows.put(share, ChannelCuts.compared().stream().map(cuts -> window(share, cuts)).toList());
    }
    return new ShrinkStudy("resnet-20", RECIPE, rows, windows, TORCH_PRUNING, EXAMPLES, false);
  }

  /** The lines that lose a share of the multiply-accumulates, in percent. */
  private static List<ShrinkRow> rows(int share) {
    String pruned = sparsity(share);
    long width = Math.round(WIDTH * Math.sqrt(1 - share / 100.0));
    return List.of(
        row("masked", share, pruned, "prune.granularity.cut=end"),
        row("live", share, pruned),
        row("random", share, pruned, "prune.score=random"),
        row("small", share, "prune.sparsity=0", "model.width=" + width));
  }

  private static ShrinkRow window(int share, ChannelCuts cuts) {
    List<String> overrides = new ArrayList<>(List.of(sparsity(share)));
    overrides.addAll(cuts.settings());
    return new ShrinkRow("live-%d-%s".formatted(share, cuts.label()), overrides);
  }

  private static String sparsity(int share) {
    return "prune.sparsity=" + share / 100.0;
  }

  private static ShrinkRow row(String name, int share, String... overrides) {
    return new ShrinkRow(name + "-" + share, List.of(overrides));
  }
}
