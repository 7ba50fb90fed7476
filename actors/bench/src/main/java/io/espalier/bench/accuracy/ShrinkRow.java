package io.espalier.bench.accuracy;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A line of the table; {@code reduction} of the multiply-accumulates goes, from 0 to 1. */
record ShrinkRow(Kind kind, double reduction) {
  static final List<Double> REDUCTIONS = List.of(0.5, 0.75);

  enum Kind {
    DENSE,
    MASKED,
    LIVE,
    /** So are others, drawn at random: the control. */
    RANDOM,
    SMALL;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static List<ShrinkRow> all() {
    Stream<ShrinkRow> narrow =
        REDUCTIONS.stream()
            .flatMap(
                reduction ->
                    Stream.of(Kind.values())
                        .filter(kind -> kind != Kind.DENSE)
                        .map(kind -> new ShrinkRow(kind, reduction)));
    return Stream.concat(Stream.of(new ShrinkRow(Kind.DENSE, 0)), narrow).toList();
  }

  /** Names the line in files and messages, such as {@code live-50}. */
  String label() {
    return kind == Kind.DENSE ? kind.label() : kind.label() + "-" + Math.round(100 * reduction);
  }

  Stream<String> overrides() {
    Stream<String> pruned = Stream.of("prune.sparsity=" + reduction);
    return switch (kind) {
      case DENSE -> Stream.of("prune.sparsity=0");
      case SMALL -> Stream.of("prune.sparsity=0", "model.width=" + width());
      case LIVE -> pruned;
      case MASKED -> Stream.concat(pruned, Stream.of("prune.granularity.cut=end"));
      case RANDOM -> Stream.concat(pruned, Stream.of("prune.score=random"));
    };
  }

  private long width() {
    return Math.round(ShrinkTrial.WIDTH * Math.sqrt(1 - reduction));
  }
}
