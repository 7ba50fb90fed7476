package io.espalier.trainer.state;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.score.ScoreStatistics;
import io.espalier.masks.score.StatisticRequest;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Gradient statistics sent after packed states, by request and parameter, requested units only. */
public final class StatisticsCodec {
  private final List<StatisticRequest> requests;
  private final List<Mask> candidates;

  /** {@code candidates} are the units that the update ranks, one mask per prunable parameter. */
  public StatisticsCodec(List<StatisticRequest> requests, List<Mask> candidates) {
    this.requests = List.copyOf(requests);
    this.candidates = List.copyOf(candidates);
  }

  public int floats() {
    long floats = 0;
    for (StatisticRequest request : requests) {
      for (int p = 0; p < candidates.size(); p++) {
        floats += units(request, p).kept();
      }
    }
    return Math.toIntExact(floats);
  }

  public void pack(List<List<float[]>> measured, FloatBuffer target) {
    for (int d = 0; d < requests.size(); d++) {
      for (int p = 0; p < candidates.size(); p++) {
        float[] values = measured.get(d).get(p);
        units(requests.get(d), p).forEachKept(unit -> target.put(values[unit]));
      }
    }
  }

  /** The mean over all replicas, in double and in trainer order; refuses values not finite. */
  public ScoreStatistics merge(List<FloatBuffer> packed, List<ParameterId> parameters, long step) {
    ScoreStatistics statistics = ScoreStatistics.none();
    int offset = 0;
    for (StatisticRequest request : requests) {
      List<float[]> values = new ArrayList<>();
      for (int p = 0; p < candidates.size(); p++) {
        Mask units = units(request, p);
        float[] mean = mean(packed, offset, units);
        requireFinite(mean, parameters.get(p), step);
        values.add(mean);
        offset += units.kept();
      }
      statistics = statistics.with(request, values);
    }
    return statistics;
  }

  private static float[] mean(List<FloatBuffer> packed, int from, Mask units) {
    float[] values = new float[units.size()];
    int at = from;
    for (int unit = units.nextKept(0); unit >= 0; unit = units.nextKept(unit + 1)) {
      double sum = 0;
      for (FloatBuffer part : packed) {
        sum += part.get(part.position() + at);
      }
      at++;
      values[unit] = (float) (sum / packed.size());
    }
    return values;
  }

  private static void requireFinite(float[] values, ParameterId parameter, long step) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw DivergedException.ofGradient(step, parameter.name(), value);
      }
    }
  }

  private Mask units(StatisticRequest request, int parameter) {
    Mask ranked = candidates.get(parameter);
    return switch (request.units()) {
      case CANDIDATES -> ranked;
      case ALL -> Mask.allKept(ranked.size());
    };
  }
}
