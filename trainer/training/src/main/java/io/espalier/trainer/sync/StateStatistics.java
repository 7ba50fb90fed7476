package io.espalier.trainer.sync;

import io.espalier.masks.ParameterId;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.statistic.WeightUses;
import io.espalier.trainer.network.NetworkGroups.ScaledNorm;
import io.espalier.trainer.network.NetworkStatistics;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Statistics that a run has: values of the mask kind, scales of norms, uses of weights. */
record StateStatistics(PreparedRun run, TrainingState state) {
  Statistics with(Statistics measured, List<StatisticRequest> held) {
    Statistics all = NetworkStatistics.added(measured, run.network(), run.prunable());
    for (StatisticRequest request : held) {
      if (request.equals(WeightUses.REQUEST)) {
        continue;
      }
      List<float[]> values =
          request.statistic().auxiliary().map(state::auxiliary).orElseGet(this::normScales);
      all = all.withArrays(request, values);
    }
    return all;
  }

  private List<float[]> normScales() {
    Map<ParameterId, float[]> byId = new HashMap<>();
    List<StateLayout.Entry> entries = run.stateLayout().entries();
    IntStream.range(0, entries.size())
        .forEach(i -> byId.put(entries.get(i).id(), state.values(i, 0)));
    Map<ParameterId, float[]> scales = new HashMap<>();
    ScaledNorm.of(run.network()).forEach(norm -> scales.put(norm.reader(), byId.get(norm.scale())));
    return run.prunable().stream()
        .map(weight -> scales.getOrDefault(weight.id(), new float[0]))
        .toList();
  }
}
