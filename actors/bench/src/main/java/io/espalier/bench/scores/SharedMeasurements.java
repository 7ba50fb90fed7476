package io.espalier.bench.scores;

import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.ExecutorFactory;
import io.espalier.trainer.executor.ForwardingExecutor;
import io.espalier.trainer.executor.engine.EngineExecutor;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Executors of runs that start from the same weights, dense, on the same batches: what one of them
 * has measured before its first step, the others take over where they ask for the same statistics,
 * to the same bits. Not thread-safe.
 */
final class SharedMeasurements implements ExecutorFactory {
  /** Gradients by rows, the largest statistic, are 64 numbers a weight. */
  private static final int MOST_HELD = 4;

  private final Map<List<StatisticRequest>, List<List<List<float[]>>>> held =
      new LinkedHashMap<>(MOST_HELD, 0.75f, true);

  @Override
  public Executor create(PreparedRun run, MaskState masks, ExecutorContext context) {
    return new Sharing(EngineExecutor.of(run, masks, context));
  }

  private void hold(List<StatisticRequest> requests, List<List<List<float[]>>> measured) {
    held.put(List.copyOf(requests), measured);
    if (held.size() > MOST_HELD) {
      held.remove(held.keySet().iterator().next());
    }
  }

  private final class Sharing extends ForwardingExecutor {
    Sharing(Executor executor) {
      super(executor);
    }

    @Override
    public List<List<List<float[]>>> measure(
        List<StatisticRequest> requests, LongFunction<Batch> batches, long completed) {
      if (completed > 0) {
        return super.measure(requests, batches, completed);
      }
      List<List<List<float[]>>> known = held.get(requests);
      if (known == null) {
        known = super.measure(requests, batches, completed);
        hold(requests, known);
      }
      return known;
    }
  }
}
