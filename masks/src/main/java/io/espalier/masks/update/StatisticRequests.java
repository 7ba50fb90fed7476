package io.espalier.masks.update;

import io.espalier.configs.PruneConfig;
import io.espalier.masks.MaskSet;
import io.espalier.masks.regrowth.Regrowth;
import io.espalier.masks.regrowth.Regrowths;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.score.ElementScores;
import io.espalier.masks.score.StatisticRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The statistics that the mask updates of a recipe need. Immutable. */
public final class StatisticRequests {
  private final Optional<StatisticRequest> score;
  private final Optional<StatisticRequest> regrowth;

  private StatisticRequests(Optional<StatisticRequest> score, Optional<StatisticRequest> regrowth) {
    this.score = score;
    this.regrowth = regrowth;
  }

  public static StatisticRequests of(PruneConfig config, long seed) {
    return new StatisticRequests(
        ElementScores.of(config, seed).request(),
        Regrowths.of(config, seed).flatMap(Regrowth::request));
  }

  /** Requests of one update of {@code current}, in the order in which they travel. */
  public List<StatisticRequest> of(PlannedUpdate update, MaskSet current) {
    Stream<StatisticRequest> ranking = update.ranks(current) ? score.stream() : Stream.empty();
    Stream<StatisticRequest> growth = update.exchange() > 0 ? regrowth.stream() : Stream.empty();
    return Stream.concat(ranking, growth).distinct().toList();
  }
}
