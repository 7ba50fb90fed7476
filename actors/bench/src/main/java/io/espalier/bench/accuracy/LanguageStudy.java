package io.espalier.bench.accuracy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A language model that loses single weights, or heads and neurons of the feed-forward layers,
 * which are cut while training goes on; each with a control drawn at random.
 */
final class LanguageStudy {
  private static final String RECIPE =
      """
      name = shrink-language
      data { kind = text, context = 64, batch-size = 32, validation = 0% }
      model { kind = char-lm, layers = 4, features = 128, heads = 4 }
      train {
        evaluate-every = none
        clip-norm = 1
        optimizer { kind = adamw, weight-decay = 0.01 }
        learning-rate { kind = cosine, initial = 0.002, warm-up = 100 }
      }
      prune {
        exclude = ["tokens.*", "positions.*"]
        schedule { kind = cubic, begin = 20%, end = 70%, updates = 10 }
      }
      """;

  private LanguageStudy() {}

  static ShrinkStudy study() {
    List<ShrinkRow> rows = new ArrayList<>(List.of(ShrinkRow.dense()));
    Stream.of(
            row("weights-50", "prune.sparsity=50%"),
            row("weights-70", "prune.sparsity=70%"),
            row("weights-90", "prune.sparsity=90%"),
            heads(30),
            heads(50))
        .flatMap(row -> Stream.of(row, row.random()))
        .forEach(rows::add);
    return new ShrinkStudy("char-lm", RECIPE, rows, 0, true);
  }

  private static ShrinkRow row(String label, String... overrides) {
    return new ShrinkRow(label, List.of(overrides));
  }

  /** Loses a share of the multiply-accumulates; embeddings, and so the residual, keep their width. */
  private static ShrinkRow heads(int percent) {
    return row(
        "heads-" + percent,
        "prune.sparsity=%d%%".formatted(percent),
        "prune.granularity={kind=channel,budget=macs,settle=0}",
        "prune.score={kind=taylor,batches=4}",
        "prune.schedule={kind=cubic,begin=20%,end=50%,updates=5}");
  }
}
