package io.espalier.trainer.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.engine.block.NetworkBlock;
import io.espalier.trainer.engine.op.EngineOp;
import io.espalier.trainer.engine.op.Forward;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.onnx.OnnxExport;
import io.espalier.trainer.replica.ExecutionDecision;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers of users that not all back ends have a form of. */
public final class LayersWithoutFormsTest {
  private static final String RECIPE =
      """
      data  { kind = digits, batch-size = 64 }
      model = lenet-300-100
      train.epochs = 1
      prune { sparsity = 50%% }
      train.execution = %s
      """;

  @TempDir Path home;

  /** A layer that only the engine computes. */
  public record Halving() implements Layer {}

  /** A layer that nothing computes. */
  public record Undone() implements Layer {}

  public static final class HalvingOnTheEngine implements EngineOp<Halving> {
    @Override
    public NDArray forward(Halving layer, Forward pass) {
      return pass.input().mul(ConstantOperand.beside(pass.input(), 0.5));
    }
  }

  @Test
  void run_onTheEngine_trainsALayerWithoutASparseForm() {
    FinishedRun finished = TrainingLoop.run(prepared("engine", new Halving()), LoopListener.NONE);

    assertThat(finished.test().accuracy()).isGreaterThan(0.3);
  }

  @Test
  void run_thatDemandsSparseExecution_isRefusedWithTheLayer() {
    assertThatThrownBy(() -> prepared("sparse", new Halving()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "execution must be engine where the network has Halving[] (halve), because that"
                + " layer has no sparse form: execution=java; leave train.execution away");
  }

  @Test
  void run_thatDecidesItself_staysOnTheEngine() {
    ExecutionDecision decision = ExecutionDecision.measured(prepared("auto", new Halving()), 0);

    assertThat(decision.times()).isEmpty();
    assertThat(decision.sparseFrom()).isEmpty();
  }

  @Test
  void export_ofALayerWithoutAnOnnxForm_isRefusedWithTheLayer() {
    Network network = network(dataset(), new Halving());

    assertThatThrownBy(
            () ->
                OnnxExport.of(
                    network,
                    false,
                    id -> new float[network.parameter(id).orElseThrow().shape().size()],
                    Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("node=halve, without an OnnxWriter=Halving[]");
  }

  @Test
  void block_withALayerWithoutAnOp_isRefusedWithTheLayer() {
    Network network = network(dataset(), new Undone());

    assertThatThrownBy(() -> new NetworkBlock(network))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("without an EngineOp=Undone[]");
  }

  private Dataset dataset() {
    RunConfig config = config("engine");
    return Datasets.load(config.data(), config.seed(), DataHome.of(home));
  }

  private PreparedRun prepared(String execution, Layer layer) {
    Dataset dataset = dataset();
    return PreparedRun.ofNetwork(
        config(execution), dataset, network(dataset, layer), DataHome.of(home));
  }

  private static Network network(Dataset dataset, Layer layer) {
    return Network.of(
        dataset.input(),
        List.of(
            new GraphNode("halve", layer, List.of(Network.INPUT)),
            new GraphNode("flatten", new Flatten(), List.of("halve")),
            new GraphNode("output", new Linear(dataset.classes(), true), List.of("flatten"))));
  }

  private static RunConfig config(String execution) {
    return new RecipeLoader().parse("test", RECIPE.formatted(execution), List.of()).config();
  }
}
