package io.espalier.trainer.executor.engine;

import io.espalier.masks.ParameterId;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.gauge.Gauge;
import io.espalier.trainer.gauge.GaugeProvider;
import io.espalier.trainer.gauge.GaugedLayer;
import io.espalier.trainer.gauge.Gauges;
import io.espalier.trainer.gauge.LayerInput;
import io.espalier.trainer.gauge.LayerPass;
import io.espalier.trainer.gauge.Probe;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongFunction;

/** Measures statistics under the target masks; the executor stays unchanged. */
final class Measurement {
  private final EngineNetwork network;
  private final List<MaskedParameter> prunable;
  private final List<GaugedLayer> layers;
  private final MeasuringPass.Runner passes;
  private final MeasuringPass.Outputs outputs;
  private final Runnable progress;

  /** A request, and the gauges of its layers. */
  private record Gauging(StatisticRequest request, GaugeProvider provider, List<Gauge> gauges) {
    OptionalDouble curvatureAt() {
      return provider.curvatureTemperature(request);
    }

    void see(List<LayerPass> passes) {
      for (int p = 0; p < passes.size(); p++) {
        gauges.get(p).see(passes.get(p));
      }
    }
  }

  Measurement(
      EngineNetwork network,
      List<GaugedLayer> layers,
      MeasuringPass.Runner passes,
      MeasuringPass.Outputs outputs,
      Runnable progress) {
    this.network = network;
    this.prunable = network.prunable();
    this.layers = layers;
    this.passes = passes;
    this.outputs = outputs;
    this.progress = progress;
  }

  /** Returns for each request, and each prunable parameter, its arrays. */
  List<List<List<float[]>>> measure(
      List<StatisticRequest> requests, LongFunction<Batch> batches, long step) {
    List<Gauging> all = requests.stream().map(this::gauging).toList();
    int most = requests.stream().mapToInt(StatisticRequest::batches).max().orElse(0);
    for (int done = 0; done < most; done++) {
      int before = done;
      Batch batch = batches.apply(step + done);
      List<Gauging> due = all.stream().filter(each -> before < each.request().batches()).toList();
      see(due.stream().filter(each -> each.curvatureAt().isEmpty()).toList(), batch);
      due.stream()
          .filter(each -> each.curvatureAt().isPresent())
          .forEach(each -> seeCurvature(each, batch));
      due.forEach(each -> probe(each.gauges(), batch));
      progress.run();
    }
    return all.stream().map(each -> each.gauges().stream().map(Gauge::result).toList()).toList();
  }

  /** A pass for each probe of each layer, and one without a change where there are any. */
  private void probe(List<Gauge> gauges, Batch batch) {
    if (gauges.stream().allMatch(gauge -> gauge.probes().isEmpty())) {
      return;
    }
    float[] logits = outputs.of(batch, MeasuringPass.PLAIN);
    for (int p = 0; p < gauges.size(); p++) {
      for (Probe probe : gauges.get(p).probes()) {
        List<float[]> shifts = new ArrayList<>(Collections.nCopies(gauges.size(), new float[0]));
        shifts.set(p, probe.shift(prunable.get(p).array(0)));
        probe.see(logits, outputs.of(batch, new MeasuringPass(false, false, 1, shifts)));
      }
    }
  }

  private Gauging gauging(StatisticRequest request) {
    GaugeProvider provider = Gauges.of(request.statistic());
    return new Gauging(
        request, provider, layers.stream().map(at -> provider.create(request, at)).toList());
  }

  private void see(List<Gauging> due, Batch batch) {
    if (due.isEmpty()) {
      return;
    }
    boolean gradients = due.stream().anyMatch(each -> each.provider().needsGradients());
    boolean inputs = due.stream().anyMatch(each -> each.provider().needsInputs());
    passes.run(
        batch,
        new MeasuringPass(gradients, inputs, 1, List.of()),
        seen -> {
          List<LayerPass> layerPasses = layerPasses(gradients, seen);
          due.forEach(each -> each.see(layerPasses));
        });
  }

  /** Three passes: at the weights, and at a small step along the gradient and against it. */
  private void seeCurvature(Gauging gauging, Batch batch) {
    double temperature = gauging.curvatureAt().orElseThrow();
    List<float[]> gradients = gradients(batch, temperature, List.of());
    double length = CurvatureStep.length(prunable, gradients);
    List<float[]> ahead = gradients(batch, temperature, CurvatureStep.times(gradients, length));
    List<float[]> behind = gradients(batch, temperature, CurvatureStep.times(gradients, -length));
    List<float[]> curvature = CurvatureStep.slope(ahead, behind, length);
    List<LayerPass> seen = new ArrayList<>();
    for (int p = 0; p < layers.size(); p++) {
      seen.add(
          new LayerPass(
              layers.get(p),
              prunable.get(p).array(0),
              Optional.of(FloatBuffer.wrap(gradients.get(p))),
              List.of(),
              Optional.empty(),
              Optional.of(FloatBuffer.wrap(curvature.get(p)))));
    }
    gauging.see(seen);
  }

  private List<float[]> gradients(Batch batch, double temperature, List<float[]> shifts) {
    List<float[]> gradients = new ArrayList<>();
    passes.run(
        batch,
        new MeasuringPass(true, false, temperature, shifts),
        seen -> {
          for (MaskedParameter each : prunable) {
            float[] values = new float[each.entry().size()];
            each.gradient().get(values);
            gradients.add(values);
          }
        });
    return gradients;
  }

  private List<LayerPass> layerPasses(boolean gradients, Map<ParameterId, LayerInput> inputs) {
    List<LayerPass> seen = new ArrayList<>();
    for (int p = 0; p < layers.size(); p++) {
      seen.add(
          new LayerPass(
              layers.get(p),
              prunable.get(p).array(0),
              gradients ? Optional.of(prunable.get(p).gradient()) : Optional.empty(),
              gradients ? beside(layers.get(p)) : List.of(),
              Optional.ofNullable(inputs.get(layers.get(p).weight().id())),
              Optional.empty()));
    }
    return seen;
  }

  private List<LayerPass.Trained> beside(GaugedLayer layer) {
    return layer.beside().stream()
        .map(network::parameter)
        .map(each -> new LayerPass.Trained(each.array(0), each.gradient()))
        .toList();
  }
}
