package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.MaskEvent.CutParameter;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMaskState;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import io.espalier.telemetry.event.RunEvent.ParameterInfo;
import io.espalier.telemetry.event.RunEvent.ParametersDescribed;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

final class MasksView {
  static final int MOST_SERIES = 300;

  private static final int MOST_PARAMETERS = 5_000;

  /** Updates kept for attempts that void later ones. */
  private static final int MOST_UPDATES = 16;

  private static final int MOST_CHANGES = 4;

  private final VoidedSteps voided;
  private final SeriesSet series;
  private final RecentWindow<MaskCounts> updates;
  private final Tally seconds;
  private final Map<String, RecentWindow<ParameterMaskState>> states = new HashMap<>();
  private final Map<String, RecentWindow<Long>> changes = new HashMap<>();
  private List<ParameterInfo> described = List.of();

  MasksView(VoidedSteps voided, SeriesSet series) {
    this.voided = voided;
    this.series = series;
    updates = new RecentWindow<>(voided, MOST_UPDATES);
    seconds = new Tally(voided, 1);
  }

  void take(Envelope envelope) {
    if (envelope.event() instanceof ParametersDescribed event) {
      described = event.parameters();
    } else if (envelope.event() instanceof MasksUpdated update) {
      update(envelope.attempt(), update, envelope.time());
    } else if (envelope.event() instanceof ParameterMaskState state
        && (states.containsKey(state.name()) || states.size() < MOST_PARAMETERS)) {
      states
          .computeIfAbsent(state.name(), name -> new RecentWindow<>(voided, 2))
          .put(envelope.attempt(), state.step(), state);
    }
  }

  private void update(int attempt, MasksUpdated update, Instant time) {
    long step = update.step();
    Points sparsity = series.of("sparsity");
    sparsity.put(attempt, step, update.sparsity());
    // The time of an update, spread over the steps since the one before it.
    double steps = Math.max(1, step - sparsity.stepBefore(step, 0));
    series.put("time/prune", attempt, step, 1_000 * update.updateSeconds() / steps);
    series.put("targetSparsity", attempt, step, update.targetSparsity());
    series.put("pruned", attempt, step, sum(update, ParameterMasks::pruned));
    series.put("regrown", attempt, step, sum(update, ParameterMasks::regrown));
    seconds.add(attempt, step, update.updateSeconds());
    updates.put(attempt, step, MaskCounts.of(update, time, updates.newest()));
    update.parameters().stream()
        .limit(MOST_SERIES)
        .forEach(each -> series.put("density/" + each.name(), attempt, step, density(each)));
    for (ParameterMasks each : update.parameters()) {
      if (each.pruned() + each.regrown() > 0
          && (changes.containsKey(each.name()) || changes.size() < MOST_PARAMETERS)) {
        changes
            .computeIfAbsent(each.name(), name -> new RecentWindow<>(voided, MOST_CHANGES))
            .put(attempt, step, step);
      }
    }
    if (!described.isEmpty()) {
      series.put("macs", attempt, step, macs(update));
    }
  }

  private static double sum(MasksUpdated update, ToLongFunction<ParameterMasks> units) {
    return update.parameters().stream().mapToLong(units).sum();
  }

  private static double density(ParameterMasks masks) {
    return masks.kept() / (double) Math.max(1, masks.units());
  }

  private double macs(MasksUpdated update) {
    Map<String, Double> densities = new HashMap<>();
    update.parameters().forEach(each -> densities.put(each.name(), density(each)));
    return described.stream()
        .mapToDouble(each -> each.macs() * densities.getOrDefault(each.name(), 1.0))
        .sum();
  }

  Optional<MaskCounts> newest() {
    return updates.newest();
  }

  double seconds() {
    return seconds.total(0);
  }

  ArrayNode parameters(Map<String, CutParameter> left) {
    Map<String, Integer> places = places();
    ArrayNode rows = ViewJson.array();
    for (ParameterInfo each : described) {
      ObjectNode row = rows.addObject();
      row.setAll(ViewJson.of(each));
      row.put("kept", kept(each, places, left));
      Optional.ofNullable(left.get(each.name()))
          .ifPresent(
              cut -> {
                ArrayNode shape = row.putArray("shapeLeft");
                cut.shape().forEach(shape::add);
                row.put("macsLeft", cut.macs());
              });
      Integer place = places.get(each.name());
      if (place != null) {
        MaskCounts counts = newest().orElseThrow();
        row.put("target", counts.target(place))
            .put("pruned", counts.pruned(place))
            .put("regrown", counts.regrown(place));
      }
      Optional.ofNullable(changes.get(each.name()))
          .flatMap(RecentWindow::newest)
          .ifPresent(step -> row.put("changed", step));
    }
    return rows;
  }

  private Map<String, Integer> places() {
    Map<String, Integer> places = new HashMap<>();
    newest()
        .ifPresent(
            counts -> {
              for (int i = 0; i < counts.names().size(); i++) {
                places.put(counts.names().get(i), i);
              }
            });
    return places;
  }

  private long kept(
      ParameterInfo parameter, Map<String, Integer> places, Map<String, CutParameter> left) {
    Integer place = places.get(parameter.name());
    if (place != null) {
      return newest().orElseThrow().kept(place);
    }
    Points density = series.byName().get("density/" + parameter.name());
    if (density != null && !density.isEmpty()) {
      return Math.round(density.lastValue() * parameter.units());
    }
    return Optional.ofNullable(states.get(parameter.name()))
        .flatMap(RecentWindow::newest)
        .map(ParameterMaskState::kept)
        .or(() -> Optional.ofNullable(left.get(parameter.name())).map(cut -> values(cut.shape())))
        .orElse(parameter.units());
  }

  /**
   * Returns {@code {dense, left, sparse}}: bytes of the network with 4 bytes per value; empty while
   * parameters are unknown. {@code left} is the size after cuts, absent without cuts. The sparse
   * form adds one bit per left unit, in whole bytes, to the unpruned values of each parameter that
   * becomes smaller so.
   */
  ObjectNode sizes(Map<String, CutParameter> left) {
    Map<String, Integer> places = places();
    ObjectNode sizes = ViewJson.object();
    if (!described.isEmpty()) {
      sizes.put("dense", described.stream().mapToLong(each -> 4 * values(each.shape())).sum());
      if (!left.isEmpty()) {
        sizes.put("left", described.stream().mapToLong(each -> 4 * values(each, left)).sum());
      }
      sizes.put(
          "sparse",
          described.stream()
              .mapToLong(each -> sparse(each, values(each, left), kept(each, places, left)))
              .sum());
    }
    return sizes;
  }

  private static long sparse(ParameterInfo parameter, long values, long kept) {
    long perUnit = values(parameter.shape()) / Math.max(1, parameter.units());
    long units = perUnit == 0 ? parameter.units() : values / perUnit;
    return Math.min(4 * values, 4 * (perUnit * kept) + (units + 7) / 8);
  }

  private static long values(ParameterInfo parameter, Map<String, CutParameter> left) {
    CutParameter cut = left.get(parameter.name());
    return values(cut == null ? parameter.shape() : cut.shape());
  }

  private static long values(List<Long> shape) {
    return shape.stream().reduce(1L, (one, other) -> one * other);
  }
}
