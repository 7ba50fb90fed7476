package io.espalier.trainer.executor.engine;

import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.network.ResidualUnit;
import io.espalier.trainer.observer.LayerActivations;
import io.espalier.trainer.observer.ObservedLayer;
import io.espalier.trainer.observer.Probe;
import io.espalier.trainer.observer.StatisticObserver;
import io.espalier.trainer.observer.StatisticObserverProvider;
import io.espalier.trainer.observer.StatisticObservers;
import io.espalier.trainer.observer.WeightPasses;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/** Measures statistics under the target masks; the executor stays unchanged. */
final class Measurement {
  private final EngineNetwork network;
  private final List<MaskedParameter> prunable;
  private final List<ObservedLayer> layers;
  private final MeasuringPass.Runner passes;
  private final MeasuringPass.Outputs outputs;
  private final Runnable progress;

  /** A request, and the observers of the layers of its parameters. */
  private record Observation(
      StatisticRequest request,
      StatisticObserverProvider provider,
      List<Integer> parameters,
      List<StatisticObserver> observers) {
    Optional<WeightPasses> passes() {
      return provider.passes(request);
    }

    void see(List<LayerActivations> passes) {
      for (int i = 0; i < observers.size(); i++) {
        observers.get(i).see(passes.get(parameters.get(i)));
      }
    }
  }

  Measurement(
      EngineNetwork network,
      List<ObservedLayer> layers,
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

  /** Returns for each request, and each of the parameters, its arrays. */
  List<List<List<float[]>>> measure(
      List<StatisticRequest> requests,
      List<Integer> parameters,
      LongFunction<Batch> batches,
      long step) {
    List<Observation> all =
        requests.stream().map(request -> observation(request, parameters)).toList();
    int most = requests.stream().mapToInt(StatisticRequest::batches).max().orElse(0);
    for (int done = 0; done < most; done++) {
      int before = done;
      Batch batch = batches.apply(step + done);
      List<Observation> due =
          all.stream().filter(each -> before < each.request().batches()).toList();
      List<Observation> shared = due.stream().filter(each -> each.passes().isEmpty()).toList();
      see(shared.stream().filter(each -> !isOfUnits(each)).toList(), batch);
      seeUnits(shared.stream().filter(this::isOfUnits).toList(), batch);
      for (Observation each : due) {
        each.passes().ifPresent(own -> each.see(layerPasses(own.take(new OfBatch(batch)))));
      }
      due.forEach(each -> probe(each, batch));
      progress.run();
    }
    return all.stream()
        .map(each -> each.observers().stream().map(StatisticObserver::result).toList())
        .toList();
  }

  /** A pass for each probe of each layer, and one without a change where there are any. */
  private void probe(Observation observation, Batch batch) {
    List<StatisticObserver> observers = observation.observers();
    if (observers.stream().allMatch(observer -> observer.probes().isEmpty())) {
      return;
    }
    float[] logits = outputs.of(batch, MeasuringPass.PLAIN);
    for (int i = 0; i < observers.size(); i++) {
      int p = observation.parameters().get(i);
      for (Probe probe : observers.get(i).probes()) {
        List<float[]> shifts = new ArrayList<>(Collections.nCopies(prunable.size(), new float[0]));
        shifts.set(p, probe.shift(prunable.get(p).array(0)));
        probe.see(logits, outputs.of(batch, MeasuringPass.at(shifts)), batch.labels());
      }
    }
  }

  private Observation observation(StatisticRequest request, List<Integer> parameters) {
    StatisticObserverProvider provider = StatisticObservers.of(request.statistic());
    return new Observation(
        request,
        provider,
        parameters,
        parameters.stream().map(p -> provider.create(request, layers.get(p))).toList());
  }

  private void see(List<Observation> due, Batch batch) {
    if (due.isEmpty()) {
      return;
    }
    boolean gradients = due.stream().anyMatch(each -> each.provider().needsGradients());
    boolean inputs = due.stream().anyMatch(each -> each.provider().needsInputs());
    boolean outputs = due.stream().anyMatch(each -> each.provider().needsOutputs());
    passes.run(
        batch,
        new MeasuringPass(gradients, inputs, outputs, residuals(due), Set.of(), 1, List.of()),
        seen -> {
          List<LayerActivations> layerPasses = layerPasses(gradients, seen);
          due.forEach(each -> each.see(layerPasses));
        });
  }

  private boolean isOfUnits(Observation observation) {
    return observation.provider().needsBlockGradients() && !units().isEmpty();
  }

  private Set<ResidualUnit> units() {
    return layers.stream().flatMap(layer -> layer.unit().stream()).collect(Collectors.toSet());
  }

  private void seeUnits(List<Observation> due, Batch batch) {
    if (!due.isEmpty()) {
      passes.run(
          batch,
          MeasuringPass.ofUnits(units()),
          seen -> {
            List<LayerActivations> layerPasses = layerPasses(false, seen);
            due.forEach(each -> each.see(layerPasses));
          });
    }
  }

  private Set<String> residuals(List<Observation> due) {
    return due.stream().anyMatch(each -> each.provider().needsResiduals())
        ? layers.stream()
            .flatMap(layer -> layer.residual().stream())
            .flatMap(ObservedLayer.ResidualPlace::nodes)
            .collect(Collectors.toSet())
        : Set.of();
  }

  private List<LayerActivations> layerPasses(List<float[]> passed) {
    List<LayerActivations> seen = new ArrayList<>();
    for (int p = 0; p < layers.size(); p++) {
      seen.add(LayerActivations.ofPasses(layers.get(p), prunable.get(p).array(0), passed.get(p)));
    }
    return seen;
  }

  private List<LayerActivations> layerPasses(boolean gradients, MeasuringPass.Copies copies) {
    List<LayerActivations> seen = new ArrayList<>();
    for (int p = 0; p < layers.size(); p++) {
      seen.add(
          new LayerActivations(
              layers.get(p),
              prunable.get(p).array(0),
              layers.get(p).bias().map(id -> network.parameter(id).array(0)),
              gradients ? Optional.of(prunable.get(p).gradient()) : Optional.empty(),
              gradients ? beside(layers.get(p)) : List.of(),
              copies.inputs(),
              Optional.ofNullable(copies.outputs().get(layers.get(p).weight().id())),
              copies.nodes()));
    }
    return seen;
  }

  private List<LayerActivations.Trained> beside(ObservedLayer layer) {
    return layer.beside().stream()
        .map(network::parameter)
        .map(each -> new LayerActivations.Trained(each.array(0), each.gradient()))
        .toList();
  }

  private List<float[]> gradients() {
    List<float[]> gradients = new ArrayList<>();
    for (MaskedParameter each : prunable) {
      float[] values = new float[each.entry().size()];
      each.gradient().get(values);
      gradients.add(values);
    }
    return gradients;
  }

  private final class OfBatch implements WeightPasses.Runner {
    private final Batch batch;

    OfBatch(Batch batch) {
      this.batch = batch;
    }

    @Override
    public List<FloatBuffer> weights() {
      return prunable.stream().map(each -> each.array(0)).toList();
    }

    @Override
    public List<float[]> gradients(double temperature, List<float[]> shifts) {
      List<float[]> found = new ArrayList<>();
      passes.run(
          batch,
          MeasuringPass.ofGradients(temperature, shifts),
          seen -> found.addAll(Measurement.this.gradients()));
      return found;
    }

    @Override
    public List<float[]> relevance() {
      return passes.relevance(batch);
    }

    @Override
    public List<float[]> flow() {
      List<float[]> found = new ArrayList<>();
      passes.flow(() -> found.addAll(Measurement.this.gradients()));
      return found;
    }
  }
}
