package io.espalier.masks.update;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.PruneConfig;
import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.regrowth.Regrowth;
import io.espalier.masks.regrowth.Regrowths;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.score.Scores;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.structure.Groups;
import io.espalier.masks.unit.UnitFamily;
import io.espalier.masks.unit.Units;
import io.espalier.masks.update.MaskUpdate.ParameterChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Scores units, allocates the budget and selects. Deterministic. */
public final class MaskUpdater {
  private final List<ParameterShape> parameters;
  private final Score score;
  private final Optional<Regrowth> regrowth;
  private final boolean returning;
  private final Units units;
  private final RankedUnits ranked;
  private final Optional<OutcomeChoice> outcome;

  private MaskUpdater(
      PruneConfig config, long seed, List<ParameterShape> prunable, Supplier<Groups> groups) {
    this.parameters = List.copyOf(prunable);
    this.score = Scores.of(config.ranking().score(), seed);
    this.regrowth = Regrowths.of(config, seed);
    this.returning = config.mask().traits().mayReturn();
    this.units = UnitFamily.of((GranularityConfig.Units) config.granularity(), parameters);
    this.ranked = RankedUnits.of(config, parameters, units, groups);
    this.outcome = OutcomeChoice.of(config);
  }

  /** An updater for prunable parameters, in parameter order, of an unknown network. */
  public static MaskUpdater of(PruneConfig config, long seed, List<ParameterShape> prunable) {
    return of(
        config,
        seed,
        prunable,
        () -> {
          throw new IllegalArgumentException(
              "a selection that looks at channels must be given the network's: selection="
                  + config.ranking().selection());
        });
  }

  /**
   * An updater for prunable parameters, in parameter order.
   *
   * @param groups of the network's channels, made only for selections that look at them
   */
  public static MaskUpdater of(
      PruneConfig config, long seed, List<ParameterShape> prunable, Supplier<Groups> groups) {
    return new MaskUpdater(config, seed, prunable, groups);
  }

  /**
   * Refuses a sparsity that the allocation cannot share out.
   *
   * @param sparsity of the last update
   * @param ofNetwork the uses of weights
   * @throws io.espalier.configs.InvalidConfigException if it cannot
   */
  public void requirePossible(double sparsity, Statistics ofNetwork) {
    ranked.requirePossible(sparsity, ofNetwork);
  }

  /**
   * The mask set after an update. {@code weights} are not changed; {@code statistics} answer {@link
   * StatisticRequests}; {@code mayReturn} ranks all units (masks whose pruned units live on).
   *
   * @throws IllegalArgumentException if more units were to be kept than there are candidates
   */
  public MaskUpdate update(
      MaskSet current,
      List<float[]> weights,
      Statistics statistics,
      PlannedUpdate target,
      boolean mayReturn) {
    requireFit(current, weights, mayReturn);
    List<Mask> candidates =
        mayReturn ? parameters.stream().map(p -> Mask.allKept(p.size())).toList() : current.masks();
    List<ScoredParameter> scored =
        ScoredParameter.all(parameters, weights, candidates, target.step(), statistics);
    if (outcome.isPresent()) {
      return finish(
          current,
          each(p -> (int) Counts.kept(target.sparsity(), parameters.get(p).size())),
          each(p -> outcome.get().keep(scored.get(p), target.sparsity(), ranked.floors().get(p))),
          List.of());
    }
    List<Mask> chosen = target.ranks(current) ? chosen(candidates, scored, target) : candidates;
    List<Integer> counts = chosen.stream().map(Mask::kept).toList();
    if (regrowth.isEmpty() || target.exchange() == 0) {
      return finish(current, counts, chosen, List.of());
    }
    List<UnitExchange> exchanges = exchange(regrowth.get(), chosen, scored, target);
    return finish(
        current,
        counts,
        exchanges.stream().map(UnitExchange::kept).toList(),
        IntStream.range(0, parameters.size())
            .mapToObj(p -> exchanges.get(p).grown().and(current.masks().get(p)))
            .toList());
  }

  private List<Mask> chosen(
      List<Mask> candidates, List<ScoredParameter> scored, PlannedUpdate target) {
    List<float[]> scores = each(p -> new float[parameters.get(p).size()]);
    for (int p = 0; p < scored.size(); p++) {
      score.score(scored.get(p), scores.get(p));
    }
    List<Mask> lifted = each(p -> units.lift(p, candidates.get(p)));
    Ranking ranking = Ranking.of(each(p -> units.lift(p, scores.get(p))), lifted);
    return ranked.at(scored).keep(ranking, target.sparsity(), target.kept());
  }

  private <T> List<T> each(IntFunction<T> ofParameter) {
    return IntStream.range(0, parameters.size()).mapToObj(ofParameter).toList();
  }

  private List<UnitExchange> exchange(
      Regrowth rule, List<Mask> chosen, List<ScoredParameter> scored, PlannedUpdate target) {
    Score holding = rule.holding();
    List<UnitExchange> exchanges = new ArrayList<>();
    for (int p = 0; p < scored.size(); p++) {
      float[] held = new float[parameters.get(p).size()];
      holding.score(scored.get(p).among(chosen.get(p)), held);
      float[] regrown = new float[held.length];
      rule.score(scored.get(p), regrown);
      exchanges.add(UnitExchange.of(chosen.get(p), target.exchange(), held, regrown));
    }
    return exchanges;
  }

  private MaskUpdate finish(
      MaskSet current, List<Integer> counts, List<Mask> masks, List<Mask> restarted) {
    List<ParameterChange> changes = new ArrayList<>();
    for (int p = 0; p < parameters.size(); p++) {
      changes.add(
          ParameterChange.between(
              parameters.get(p).id(), current.masks().get(p), masks.get(p), counts.get(p)));
    }
    return new MaskUpdate(current.next(masks), changes, restarted);
  }

  private void requireFit(MaskSet current, List<float[]> weights, boolean mayReturn) {
    boolean fits =
        current.parameters().equals(parameters.stream().map(ParameterShape::id).toList())
            && weights.size() == parameters.size();
    for (int p = 0; fits && p < parameters.size(); p++) {
      int units = parameters.get(p).size();
      fits = current.masks().get(p).size() == units && weights.get(p).length == units;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "masks and weights must be those of the prunable parameters: prunable=%s, masks=%s"
              .formatted(parameters, current.parameters()));
    }
    if (mayReturn && !returning) {
      throw new IllegalArgumentException(
          "units may return only under a mask kind that says so: mayReturn=true");
    }
  }
}
