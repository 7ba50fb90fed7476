package io.espalier.trainer.analysis;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.RunConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.score.ElementScores;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.unit.UnitFamily;
import io.espalier.masks.unit.Units;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.Executors;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.objective.CrossEntropy;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A score of recipes, of the units of a stored network. */
final class UnitScores {
  private UnitScores() {}

  /** Why the score cannot be had of a stored network, as a sentence; empty if it can. */
  static Optional<String> obstacle(RunConfig scoring) {
    return score(scoring).requests().stream().allMatch(request -> request.statistic().isMeasured())
        ? Optional.empty()
        : Optional.of(
            "the score reads what only a training has; choose one of weights or data: score=%s"
                .formatted(scoring.prune().ranking().score()));
  }

  private static Score score(RunConfig scoring) {
    return ElementScores.of(scoring.prune(), scoring.seed());
  }

  /** For each weight of the network one score per unit. */
  static List<float[]> of(AnalysedNetwork network) {
    RunConfig scoring = network.settings().scoring();
    List<ParameterShape> shapes = network.weights().stream().map(ParameterSpec::shape).toList();
    Score score = score(scoring);
    List<ScoredParameter> scored =
        ScoredParameter.all(
            shapes,
            shapes.stream().map(shape -> network.values(shape.id())).toList(),
            shapes.stream().map(shape -> Mask.allKept(shape.size())).toList(),
            0,
            measured(network, scoring, score.requests()));
    Units units = UnitFamily.of((GranularityConfig.Units) scoring.prune().granularity(), shapes);
    List<float[]> scores = ElementScores.of(score, scored);
    return IntStream.range(0, shapes.size()).mapToObj(p -> units.lift(p, scores.get(p))).toList();
  }

  /** Measures what the score asks for as at a mask update of a training with one trainer. */
  private static Statistics measured(
      AnalysedNetwork network, RunConfig scoring, List<StatisticRequest> requests) {
    if (requests.isEmpty()) {
      return Statistics.none();
    }
    PreparedRun run = PreparedRun.toMeasure(scoring, network.network(), network.data());
    ExecutorContext context = new ExecutorContext(0, new CrossEntropy(0), () -> {});
    Statistics statistics = Statistics.none();
    try (Executor executor =
        Executors.of(Execution.ENGINE).create(run, run.denseMasks(), context)) {
      List<ParameterSpec> parameters = network.network().parameters();
      for (int entry = 0; entry < parameters.size(); entry++) {
        executor.array(entry, 0).put(network.values(parameters.get(entry).id()));
      }
      List<List<List<float[]>>> all =
          executor.measure(
              requests,
              IntStream.range(0, run.prunable().size()).boxed().toList(),
              step -> batch(network, step, scoring.data().batchSize()),
              0);
      for (int r = 0; r < requests.size(); r++) {
        statistics = statistics.with(requests.get(r), all.get(r));
      }
    }
    return statistics;
  }

  /** Training examples, again from the first one where a sample has too few. */
  private static Batch batch(AnalysedNetwork network, long step, int largest) {
    Sample sample = network.trainingSample();
    int size = Math.min(largest, sample.count());
    int from = (int) (step % (sample.count() / size)) * size;
    return new Batch(network.network().input(), size)
        .fill(sample.examples(), sample.indices(), from, size);
  }
}
