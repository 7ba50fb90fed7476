package io.espalier.trainer.state;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.score.ScoreStatistics;
import io.espalier.masks.score.StatisticRequest;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Gradient statistics of replicas, sent after their packed states: request by request and parameter by parameter, requested units only. Both ends know which. */
public final class StatisticsCodec {
  private final List<StatisticRequest> demands;
  private final List<Mask> candidates;

  /**
   * @param requests of the mask update
   * @param candidates units that the update ranks, one mask per prunable parameter
   */
  public StatisticsCodec(List<StatisticRequest> demands, List<Mask> candidates) {
    this.demands = List.copyOf(demands);
    this.candidates = List.copyOf(candidates);
  }

  public int floats() {
    long floats = 0;
    for (StatisticRequest demand : demands) {
      for (int p = 0; p < candidates.size(); p++) {
        floats += units(demand, p).kept();
      }
    }
    return Math.toIntExact(floats);
  }

  /**
   * @param measured for each request one array per prunable parameter
   */
  public void pack(List<List<float[]>> measured, FloatBuffer target) {
    for (int d = 0; d < demands.size(); d++) {
      for (int p = 0; p < candidates.size(); p++) {
        float[] values = measured.get(d).get(p);
        units(demands.get(d), p).forEachKept(unit -> target.put(values[unit]));
      }
    }
  }

  /**
   * The mean over all replicas, in double and in trainer order.
   *
   * @param parameters for messages, as is {@code step}
   * @throws DivergedException if a value is not finite
   */
  public ScoreStatistics merge(List<FloatBuffer> packed, List<ParameterId> parameters, long step) {
    ScoreStatistics evidence = ScoreStatistics.none();
    int offset = 0;
    for (StatisticRequest demand : demands) {
      List<float[]> values = new ArrayList<>();
      for (int p = 0; p < candidates.size(); p++) {
        Mask units = units(demand, p);
        float[] mean = mean(packed, offset, units);
        requireFinite(mean, parameters.get(p), step);
        values.add(mean);
        offset += units.kept();
      }
      evidence = evidence.with(demand, values);
    }
    return evidence;
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

  private Mask units(StatisticRequest demand, int parameter) {
    Mask ranked = candidates.get(parameter);
    return switch (demand.units()) {
      case CANDIDATES -> ranked;
      case ALL -> Mask.allKept(ranked.size());
    };
  }
}
