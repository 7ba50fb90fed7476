package io.espalier.masks.update;

import io.espalier.configs.prune.PruneConfig;
import io.espalier.masks.MaskSet;
import io.espalier.masks.evidence.Demand;
import io.espalier.masks.plan.PlannedUpdate;
import io.espalier.masks.regrowth.Regrowth;
import io.espalier.masks.regrowth.Regrowths;
import io.espalier.masks.score.ElementScores;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the mask updates of a recipe need to know of the units' gradients. Immutable. */
public final class Demands {
  private final Optional<Demand> score;
  private final Optional<Demand> regrowth;

  private Demands(Optional<Demand> score, Optional<Demand> regrowth) {
    this.score = score;
    this.regrowth = regrowth;
  }

  /** The demands of score and regrowth of a recipe; seed is the run's. */
  public static Demands of(PruneConfig config, long seed) {
    return new Demands(
        ElementScores.of(config, seed).demand(),
        Regrowths.of(config.regrowth(), seed).flatMap(Regrowth::demand));
  }

  /** What one update of {@code current} needs, in the order in which it travels. */
  public List<Demand> of(PlannedUpdate update, MaskSet current) {
    Stream<Demand> ranking = update.ranks(current) ? score.stream() : Stream.empty();
    Stream<Demand> growth = update.exchange() > 0 ? regrowth.stream() : Stream.empty();
    return Stream.concat(ranking, growth).distinct().toList();
  }
}
