package io.espalier.trainer.state;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import io.espalier.trainer.network.Addend;
import io.espalier.trainer.observer.ObservedLayer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Statistics as floats, by request, parameter and array; of those of one value per weight only the
 * requested weights'.
 */
public final class StatisticsCodec {
  private final List<StatisticRequest> requests;
  private final List<ObservedLayer> layers;
  private final List<Mask> candidates;

  /** Statistics of layers, in order; {@code candidates} are the weights that the update ranks. */
  public StatisticsCodec(
      List<StatisticRequest> requests, List<ObservedLayer> layers, List<Mask> candidates) {
    this.requests = List.copyOf(requests);
    this.layers = List.copyOf(layers);
    this.candidates = List.copyOf(candidates);
  }

  /** Statistics of all layers, or of one, by its place. */
  public static StatisticsCodec of(
      List<StatisticRequest> requests,
      List<ObservedLayer> layers,
      List<Mask> candidates,
      Optional<Integer> layer) {
    return layer
        .map(p -> List.of(layers.get(p)))
        .map(
            one -> new StatisticsCodec(requests, one, List.of(candidates.get(layer.orElseThrow()))))
        .orElseGet(() -> new StatisticsCodec(requests, layers, candidates));
  }

  public int floats() {
    long floats = 0;
    for (StatisticRequest request : requests) {
      for (int p = 0; p < layers.size(); p++) {
        floats += lengths(request, p).stream().mapToLong(Integer::longValue).sum();
      }
    }
    return Math.toIntExact(floats);
  }

  /** Writes what a replica measured: for each request, and each parameter, its arrays. */
  public void pack(List<List<List<float[]>>> measured, FloatBuffer target) {
    for (int d = 0; d < requests.size(); d++) {
      for (int p = 0; p < layers.size(); p++) {
        for (float[] values : measured.get(d).get(p)) {
          if (requests.get(d).statistic().isPerWeight()) {
            units(requests.get(d), p).forEachKept(unit -> target.put(values[unit]));
          } else {
            target.put(values);
          }
        }
      }
    }
  }

  /** Merges those of all replicas in trainer order; refuses values that are not finite. */
  public Statistics merge(List<FloatBuffer> packed, long step) {
    Statistics statistics = Statistics.none();
    int offset = 0;
    for (StatisticRequest request : requests) {
      List<List<float[]>> values = new ArrayList<>();
      for (int p = 0; p < layers.size(); p++) {
        List<float[]> arrays = new ArrayList<>();
        for (int length : lengths(request, p)) {
          float[] merged = request.statistic().merge().of(slices(packed, offset, length));
          requireFinite(merged, layers.get(p).weight().id(), step);
          arrays.add(
              request.statistic().isPerWeight() ? spread(merged, units(request, p)) : merged);
          offset += length;
        }
        values.add(arrays);
      }
      statistics = statistics.with(request, values);
    }
    return statistics;
  }

  private static List<float[]> slices(List<FloatBuffer> packed, int from, int length) {
    List<float[]> slices = new ArrayList<>();
    for (FloatBuffer part : packed) {
      float[] slice = new float[length];
      part.get(part.position() + from, slice);
      slices.add(slice);
    }
    return slices;
  }

  private static float[] spread(float[] values, Mask units) {
    if (values.length == units.size()) {
      return values;
    }
    float[] all = new float[units.size()];
    int at = 0;
    for (int unit = units.nextKept(0); unit >= 0; unit = units.nextKept(unit + 1)) {
      all[unit] = values[at++];
    }
    return all;
  }

  private static void requireFinite(float[] values, ParameterId parameter, long step) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw DivergedException.ofStatistic(step, parameter.name(), value);
      }
    }
  }

  private List<Integer> lengths(StatisticRequest request, int parameter) {
    if (request.statistic().isPerWeight()) {
      return List.of(units(request, parameter).kept());
    }
    ObservedLayer layer = layers.get(parameter);
    return request
        .statistic()
        .shapes(
            layer.weight(), layer.groups(), layer.addends().stream().map(Addend::weight).toList())
        .stream()
        .map(StatisticsCodec::product)
        .toList();
  }

  private static int product(int[] shape) {
    int size = 1;
    for (int length : shape) {
      size = Math.multiplyExact(size, length);
    }
    return size;
  }

  private Mask units(StatisticRequest request, int parameter) {
    Mask ranked = candidates.get(parameter);
    return switch (request.units()) {
      case CANDIDATES -> ranked;
      case ALL -> Mask.allKept(ranked.size());
    };
  }
}
