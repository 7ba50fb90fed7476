package io.espalier.bench.accuracy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A language model that loses single weights, or heads and neurons of the feed-forward layers, or
 * whole blocks, which are cut while training goes on; each with a control drawn at random.
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
      prune.exclude = ["tokens.*", "positions.*"]
      """;

  private LanguageStudy() {}

  static ShrinkStudy study() {
    List<ShrinkRow> rows = new ArrayList<>(List.of(ShrinkRow.dense()));
    Stream.of(
            weights(50),
            weights(70),
            weights(90),
            heads(30),
            heads(50),
            blocks(1, 20),
            blocks(2, 40))
        .flatMap(row -> Stream.of(row, row.random()))
        .forEach(rows::add);
    return new ShrinkStudy("char-lm", RECIPE, rows, Map.of(), List.of(), 0, true);
  }

  private static ShrinkRow weights(int percent) {
    return new ShrinkRow(
        "weights-" + percent,
        List.of(
            "prune.sparsity=%d%%".formatted(percent),
            "prune.schedule={kind=cubic,begin=20%,end=70%,updates=10}"));
  }

  /**
   * Loses a share of the multiply-accumulates; embeddings, and so the residual, keep their width.
   */
  private static ShrinkRow heads(int percent) {
    return new ShrinkRow(
        "heads-" + percent,
        List.of(
            "prune.sparsity=%d%%".formatted(percent),
            "prune.granularity={kind=channel,budget=macs,settle=0}",
            "prune.score={kind=taylor,batches=4}",
            "prune.schedule={kind=cubic,begin=20%,end=50%,updates=5}"));
  }

  /** Loses as few neighbouring blocks as have a share of the multiply-accumulates. */
  private static ShrinkRow blocks(int count, int percent) {
    return new ShrinkRow(
        "blocks-" + count,
        List.of(
            "prune.sparsity=%d%%".formatted(percent),
            "prune.granularity={kind=transformer-block,budget=macs}",
            "prune.score={kind=angular-distance,batches=8,consecutive=%d}".formatted(count),
            "prune.schedule={kind=one-shot,begin=50%}"));
  }
}
