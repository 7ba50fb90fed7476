package io.espalier.masks.update;

import io.espalier.configs.PruneConfig;
import io.espalier.masks.MaskSet;
import io.espalier.masks.allocation.Allocations;
import io.espalier.masks.refit.Refit;
import io.espalier.masks.refit.Refits;
import io.espalier.masks.regrowth.Regrowths;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.score.ElementScores;
import io.espalier.masks.score.Score;
import io.espalier.masks.statistic.Statistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The statistics that the mask updates of a recipe need. Immutable. */
public final class StatisticRequests {
  private final List<StatisticRequest> ranking;
  private final List<StatisticRequest> regrowth;
  private final List<StatisticRequest> refit;
  private final boolean refitsByLayer;
  private final List<StatisticRequest> held;

  private StatisticRequests(
      List<StatisticRequest> ranking,
      List<StatisticRequest> regrowth,
      Optional<Refit> refit,
      List<StatisticRequest> choice) {
    List<StatisticRequest> refitted = refit.map(Refit::requests).orElse(List.of());
    this.ranking = ranking.stream().filter(StatisticRequests::isMeasured).toList();
    this.regrowth = regrowth.stream().filter(StatisticRequests::isMeasured).toList();
    this.refit = refitted.stream().filter(StatisticRequests::isMeasured).toList();
    this.refitsByLayer = refit.filter(Refit::readsPrunedInputs).isPresent();
    this.held =
        Stream.of(ranking, regrowth, refitted, choice)
            .flatMap(List::stream)
            .filter(request -> !isMeasured(request))
            .distinct()
            .toList();
  }

  private static boolean isMeasured(StatisticRequest request) {
    return request.statistic().isMeasured();
  }

  public static StatisticRequests of(PruneConfig config, long seed) {
    return new StatisticRequests(
        Stream.of(
                ElementScores.of(config, seed).requests(),
                Allocations.of(config.ranking().allocation()).requests())
            .flatMap(List::stream)
            .toList(),
        Regrowths.of(config, seed).map(Score::requests).orElse(List.of()),
        Refits.of(config),
        OutcomeChoice.of(config).map(OutcomeChoice::state).orElse(List.of()));
  }

  /**
   * Requests for what the committed state has: values of the mask kind, scales of norms; or the
   * network.
   */
  public List<StatisticRequest> held() {
    return held;
  }

  /**
   * Requests of one update of {@code current} that are measured for all layers at once, in the
   * order in which they travel.
   */
  public List<StatisticRequest> of(PlannedUpdate update, MaskSet current) {
    Stream<StatisticRequest> ranked = update.ranks(current) ? ranking.stream() : Stream.empty();
    Stream<StatisticRequest> growth = update.exchange() > 0 ? regrowth.stream() : Stream.empty();
    Stream<StatisticRequest> atOnce = refitsByLayer ? Stream.empty() : refit.stream();
    return Stream.of(ranked, growth, atOnce).flatMap(each -> each).distinct().toList();
  }

  /** Requests of a refit that are measured for one layer after the other; empty of other refits. */
  public List<StatisticRequest> ofEachLayer() {
    return refitsByLayer ? refit : List.of();
  }

  /** Whether an update may measure this statistic. */
  public boolean measure(Statistic statistic) {
    return measured().anyMatch(statistic::equals);
  }

  /** The statistics that an update may measure. */
  public Stream<Statistic> measured() {
    return Stream.of(ranking, regrowth, refit)
        .flatMap(List::stream)
        .map(StatisticRequest::statistic);
  }

  /** The most batches per trainer that an update measures on; 0 if it needs no data. */
  public int mostBatches() {
    return Stream.of(ranking, regrowth, refit)
        .flatMap(List::stream)
        .mapToInt(StatisticRequest::batches)
        .max()
        .orElse(0);
  }
}
