package io.espalier.trainer.executor.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.engine.block.NetworkBlock;
import io.espalier.trainer.engine.block.RelevancePass;
import io.espalier.trainer.executor.AuxiliaryArrays;
import io.espalier.trainer.network.BatchNorm;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ResidualUnit;
import io.espalier.trainer.optimizer.MovingAverage;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateLayout;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The network on the engine with its parameters behind masks. Confined to one thread. */
final class EngineNetwork implements StateAccess {
  private final NDManager manager;
  private final Map<ParameterId, WidthScale> scales;
  private final NetworkBlock block;
  private final List<StateLayout.Entry> entries;
  private final List<MaskedParameter> parameters = new ArrayList<>();
  private final Map<String, MaskedParameter> byParameterId = new HashMap<>();
  private final List<AuxiliaryArrays> auxiliary = new ArrayList<>();

  EngineNetwork(PreparedRun run, NDManager manager, Map<ParameterId, WidthScale> scales) {
    this.manager = manager;
    this.scales = scales;
    this.block = new NetworkBlock(run.network(), run.config().train().compute().norms().fold());
    block.assign(manager, spec -> new float[spec.shape().size()]);
    entries = run.stateLayout().entries();
    List<ParameterSpec> specs = run.network().parameters();
    for (int i = 0; i < specs.size(); i++) {
      Parameter parameter = Objects.requireNonNull(block.parametersById().get(specs.get(i).id()));
      StateLayout.Entry entry = entries.get(i);
      MaskedParameter masked =
          new MaskedParameter(
              specs.get(i),
              entry,
              run.frozen().contains(specs.get(i).id()),
              parameter.getArray(),
              manager);
      parameters.add(masked);
      byParameterId.put(parameter.getId(), masked);
    }
    for (StateLayout.Entry entry : entries.subList(parameters.size(), entries.size())) {
      AuxiliaryArrays arrays = new AuxiliaryArrays(entry);
      auxiliary.add(arrays);
      parameters.get(entry.beside().orElseThrow().weight()).add(arrays);
    }
  }

  List<MaskedParameter> parameters() {
    return parameters;
  }

  MaskedParameter parameter(ParameterId id) {
    return parameters.stream()
        .filter(each -> each.entry().id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no parameter of the network: id=" + id));
  }

  /** Its transformer blocks of which something is trained, in graph order. */
  List<ResidualUnit> trainedBlocks() {
    return ResidualUnit.of(block.network(), Scope.BLOCKS).stream()
        .filter(
            each -> each.parameters().stream().anyMatch(spec -> parameter(spec.id()).isTrained()))
        .toList();
  }

  List<MaskedParameter> prunable() {
    return parameters.stream().filter(each -> each.entry().mask().isPresent()).toList();
  }

  @Override
  public FloatBuffer array(int parameter, int slot) {
    return parameter < parameters.size()
        ? parameters.get(parameter).array(slot)
        : auxiliary.get(parameter - parameters.size()).array(slot);
  }

  /** Has averages take in the weights after a step. */
  void average(MovingAverage average, long completed) {
    for (int i = 0; i < entries.size(); i++) {
      int slots = entries.get(i).slots();
      if (slots > 1) {
        average.add(array(i, 0), array(i, slots - 1), completed);
      }
    }
  }

  NDArray train(NDArray input) {
    block.useNormMomentum(BatchNorm.MOMENTUM);
    return run(input, MaskedParameter::forTraining, true);
  }

  NDArray evaluate(NDArray input, Function<MaskedParameter, NDArray> view) {
    return run(input, view, false);
  }

  /** Logits of a training pass that leaves norm statistics unchanged. */
  NDArray measure(NDArray input, Function<MaskedParameter, NDArray> view) {
    block.useNormMomentum(1);
    return run(input, view, true);
  }

  /** The mean relevance that each prunable weight passes on, in order. */
  List<float[]> relevance(NDArray input, int[] labels, Function<MaskedParameter, NDArray> view) {
    Map<ParameterId, float[]> sums =
        new RelevancePass(block.network(), manager, id -> scaled(parameter(id), view))
            .of(input, labels);
    return prunable().stream()
        .map(each -> sums.getOrDefault(each.entry().id(), new float[each.entry().size()]))
        .map(sum -> divided(sum, labels.length))
        .toList();
  }

  private static float[] divided(float[] values, int divisor) {
    float[] quotients = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      quotients[i] = values[i] / divisor;
    }
    return quotients;
  }

  /** Shows the inputs of layers with a weight in the next passes. */
  void tapInputs(Optional<NetworkBlock.InputTap> tap) {
    block.tapInputs(tap);
  }

  /** Shows their outputs in the next passes, which go on with what the tap returns. */
  void tapOutputs(Optional<NetworkBlock.OutputTap> tap) {
    block.tapOutputs(tap);
  }

  /** Shows the outputs of all layers in the next passes. */
  void tapNodes(Optional<NetworkBlock.NodeTap> tap) {
    block.tapNodes(tap);
  }

  void gatherNorms(NDArray input, int pass) {
    block.useNormMomentum((float) (pass / (pass + 1.0)));
    run(input, MaskedParameter::array, true);
  }

  MaskedParameter largest() {
    return parameters.stream()
        .max(Comparator.comparing(MaskedParameter::largestMagnitude))
        .orElseThrow();
  }

  private NDArray run(NDArray input, Function<MaskedParameter, NDArray> view, boolean training) {
    MaskedParameterStore store =
        new MaskedParameterStore(
            manager, byParameterId, scales.isEmpty() ? view : each -> scaled(each, view));
    return block.forward(store, new NDList(input), training).singletonOrThrow();
  }

  private NDArray scaled(MaskedParameter parameter, Function<MaskedParameter, NDArray> view) {
    NDArray seen = view.apply(parameter);
    return Optional.ofNullable(scales.get(parameter.entry().id()))
        .map(scale -> scale.onto(seen))
        .orElse(seen);
  }

  /** Supplies a block with masked weights, so that any block trains under masks. */
  private static final class MaskedParameterStore extends ParameterStore {
    private final Map<String, MaskedParameter> byParameterId;
    private final Function<MaskedParameter, NDArray> view;

    MaskedParameterStore(
        NDManager manager,
        Map<String, MaskedParameter> byParameterId,
        Function<MaskedParameter, NDArray> view) {
      super(manager, false);
      this.byParameterId = byParameterId;
      this.view = view;
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      return view.apply(Objects.requireNonNull(byParameterId.get(parameter.getId())));
    }
  }
}
