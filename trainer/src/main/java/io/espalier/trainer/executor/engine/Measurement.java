package io.espalier.trainer.executor.engine;

import io.espalier.masks.ParameterId;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.gauge.Gauge;
import io.espalier.trainer.gauge.GaugeProvider;
import io.espalier.trainer.gauge.GaugedLayer;
import io.espalier.trainer.gauge.Gauges;
import io.espalier.trainer.gauge.LayerInput;
import io.espalier.trainer.gauge.LayerPass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measures statistics under the target masks; the replica stays unchanged. */
final class Measurement {
  private final EngineNetwork network;
  private final List<MaskedParameter> prunable;
  private final List<GaugedLayer> layers;

  interface Pass {
    /**
     * Runs the batch after {@code step} steps, with its gradients if asked for, and calls {@code
     * read} before they are cleared.
     */
    void run(long step, boolean gradients, Runnable read);
  }

  /** A request, and the gauges of its layers. */
  private record Gauging(StatisticRequest request, GaugeProvider provider, List<Gauge> gauges) {}

  Measurement(EngineNetwork network, List<GaugedLayer> layers) {
    this.network = network;
    this.prunable = network.prunable();
    this.layers = layers;
  }

  /** Returns for each request, and each prunable parameter, its arrays. */
  List<List<List<float[]>>> measure(List<StatisticRequest> requests, long step, Pass pass) {
    List<Gauging> all = requests.stream().map(this::gauging).toList();
    int batches = requests.stream().mapToInt(StatisticRequest::batches).max().orElse(0);
    for (int batch = 0; batch < batches; batch++) {
      int done = batch;
      see(
          all.stream().filter(each -> done < each.request().batches()).toList(),
          step + batch,
          pass);
    }
    return all.stream().map(each -> each.gauges().stream().map(Gauge::result).toList()).toList();
  }

  private Gauging gauging(StatisticRequest request) {
    GaugeProvider provider = Gauges.of(request.statistic());
    return new Gauging(
        request, provider, layers.stream().map(at -> provider.create(request, at)).toList());
  }

  private void see(List<Gauging> due, long step, Pass pass) {
    boolean gradients = due.stream().anyMatch(each -> each.provider().needsGradients());
    Map<ParameterId, LayerInput> inputs = new HashMap<>();
    if (due.stream().anyMatch(each -> each.provider().needsInputs())) {
      network.tapInputs(inputs);
    }
    try {
      pass.run(
          step,
          gradients,
          () -> {
            List<LayerPass> passes = passes(gradients, inputs);
            for (Gauging each : due) {
              for (int p = 0; p < passes.size(); p++) {
                each.gauges().get(p).see(passes.get(p));
              }
            }
          });
    } finally {
      network.untapInputs();
    }
  }

  private List<LayerPass> passes(boolean gradients, Map<ParameterId, LayerInput> inputs) {
    List<LayerPass> passes = new ArrayList<>();
    for (int p = 0; p < layers.size(); p++) {
      passes.add(
          new LayerPass(
              layers.get(p),
              prunable.get(p).array(0),
              gradients ? Optional.of(prunable.get(p).gradient()) : Optional.empty(),
              gradients ? beside(layers.get(p)) : List.of(),
              Optional.ofNullable(inputs.get(layers.get(p).weight().id()))));
    }
    return passes;
  }

  private List<LayerPass.Trained> beside(GaugedLayer layer) {
    return layer.beside().stream()
        .map(network::parameter)
        .map(each -> new LayerPass.Trained(each.array(0), each.gradient()))
        .toList();
  }
}
