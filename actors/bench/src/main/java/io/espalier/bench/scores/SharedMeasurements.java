package io.espalier.bench.scores;

import io.espalier.configs.GranularityConfig;
import io.espalier.masks.ParameterId;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.ExecutorFactory;
import io.espalier.trainer.executor.ForwardingExecutor;
import io.espalier.trainer.executor.engine.EngineExecutor;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Executors of runs that start from the same weights, dense, on the same batches: what one of them
 * has measured before its first step, the others take over where they ask for the same statistics,
 * to the same bits. Not thread-safe.
 */
final class SharedMeasurements implements ExecutorFactory {
  /** Gradients by rows, the largest statistic, are 64 numbers a weight. */
  private static final int MOST_HELD = 4;

  private final Map<Measured, List<List<float[]>>> held =
      new LinkedHashMap<>(MOST_HELD, 0.75f, true);

  /** What is measured, and where: layers depend on what is pruned. */
  private record Measured(
      StatisticRequest request, GranularityConfig granularity, List<ParameterId> of) {}

  @Override
  public Executor create(PreparedRun run, MaskState masks, ExecutorContext context) {
    return new Sharing(run, EngineExecutor.of(run, masks, context));
  }

  private void hold(Measured what, List<List<float[]>> measured) {
    held.put(what, measured);
    if (held.size() > MOST_HELD) {
      held.remove(held.keySet().iterator().next());
    }
  }

  private final class Sharing extends ForwardingExecutor {
    private final PreparedRun run;

    Sharing(PreparedRun run, Executor executor) {
      super(executor);
      this.run = run;
    }

    @Override
    public List<List<List<float[]>>> measure(
        List<StatisticRequest> requests,
        List<Integer> parameters,
        LongFunction<Batch> batches,
        long completed) {
      boolean ofOneLayer = parameters.size() < run.prunable().size();
      if (completed > 0 || ofOneLayer) {
        return super.measure(requests, parameters, batches, completed);
      }
      Map<StatisticRequest, List<List<float[]>>> known = known(requests);
      List<StatisticRequest> missing =
          requests.stream().filter(request -> !known.containsKey(request)).toList();
      if (!missing.isEmpty()) {
        List<List<List<float[]>>> measured = super.measure(missing, parameters, batches, completed);
        for (int i = 0; i < missing.size(); i++) {
          known.put(missing.get(i), measured.get(i));
          hold(what(missing.get(i)), measured.get(i));
        }
      }
      return requests.stream().map(known::get).toList();
    }

    private Map<StatisticRequest, List<List<float[]>>> known(List<StatisticRequest> requests) {
      Map<StatisticRequest, List<List<float[]>>> known = new HashMap<>();
      for (StatisticRequest request : requests) {
        Optional.ofNullable(held.get(what(request))).ifPresent(each -> known.put(request, each));
      }
      return known;
    }

    private Measured what(StatisticRequest request) {
      return new Measured(request, run.config().prune().granularity(), run.prunableIds());
    }
  }
}
