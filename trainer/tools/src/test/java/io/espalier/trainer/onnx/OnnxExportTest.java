package io.espalier.trainer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.ModelConfig.Pooling;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.Group;
import io.espalier.trainer.engine.block.EvaluationPass;
import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Activation.Function;
import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.Affine;
import io.espalier.trainer.network.AveragePool;
import io.espalier.trainer.network.BatchNorm;
import io.espalier.trainer.network.ChannelAffine;
import io.espalier.trainer.network.ChannelShuffle;
import io.espalier.trainer.network.Clip;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.GlobalAveragePool;
import io.espalier.trainer.network.GroupNorm;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LeakyRelu;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.LocalResponseNorm;
import io.espalier.trainer.network.MaxPool;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.Pad;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.network.RandomLayers;
import io.espalier.trainer.network.SampleTransformers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxExportTest {
  private static final int BATCH = 3;

  static List<ModelConfig.Architecture> zoo() {
    return List.of(
        new ModelConfig.Mlp(List.of(20, 12)),
        new ModelConfig.LeNet300100(),
        new ModelConfig.LeNet5(),
        new ModelConfig.LeNet5BatchNorm(),
        new ModelConfig.ResNet(8, 6),
        new ModelConfig.ResNet(20, 4),
        new ModelConfig.MobileNet(3),
        new ModelConfig.TinyVit(7, 2, 8, 4, 12, Pooling.MEAN),
        new ModelConfig.TinyVit(7, 2, 8, 4, 12, Pooling.CLASS_TOKEN));
  }

  @ParameterizedTest
  @MethodSource("zoo")
  void export_networkOfTheZoo_runsInOnnxRuntimeWithTheSameOutputs(ModelConfig.Architecture model) {
    Network network = Network.of(model, new ImageShape(1, 28, 28), 10);

    requireSameOutputs(network, 1);
    requireSameOutputs(halved(network), 2);
  }

  @Property(tries = 200, seed = "1")
  void export_anyNetworkWholeOrCut_runsInOnnxRuntimeWithTheSameOutputs(@ForAll long seed) {
    Network network = RandomLayers.network(seed);

    requireSameOutputs(network, seed);
    requireSameOutputs(halved(network), seed);
  }

  static List<Layer> layers() {
    return List.of(
        new Clip(-0.1f, Float.POSITIVE_INFINITY),
        new Clip(Float.NEGATIVE_INFINITY, 0.1f),
        new Affine(2, -3),
        new ChannelAffine(true, true),
        new ChannelAffine(true, false),
        new ChannelAffine(false, true),
        new Pad(1, 2, 3, 4, false),
        new MaxPool(3, 1, 1),
        new AveragePool(3, 1, 1, true),
        new AveragePool(3, 1, 1, false),
        new AveragePool(2, 2, 1, false),
        new BatchNorm(0.3f),
        new GroupNorm(1, Layer.EPSILON),
        new GroupNorm(2, 0.3f),
        new LocalResponseNorm(1, 0.5f, 0.75f, 1),
        new LocalResponseNorm(3, 2, 0.5f, 2),
        new GlobalAveragePool(),
        new LeakyRelu(0.2f));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void export_oneLayer_runsInOnnxRuntimeWithTheSameOutputs(Layer layer) {
    List<GraphNode> nodes =
        List.of(
            new GraphNode("layer", layer, List.of(Network.INPUT)),
            new GraphNode("flat", new Flatten(), List.of("layer")));

    requireSameOutputs(Network.of(new ImageShape(2, 5, 4), nodes), 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 6, 12})
  void export_shuffledChannels_runsInOnnxRuntimeWithTheSameOutputs(int groups) {
    List<GraphNode> nodes =
        List.of(
            new GraphNode("shuffle", new ChannelShuffle(groups), List.of(Network.INPUT)),
            new GraphNode("mean", new GlobalAveragePool(), List.of("shuffle")),
            new GraphNode("again", new ChannelShuffle(groups), List.of("mean")));

    requireSameOutputs(Network.of(new ImageShape(12, 2, 3), nodes), 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 20})
  void export_groupNormOfAVector_runsInOnnxRuntimeWithTheSameOutputs(int groups) {
    List<GraphNode> nodes =
        List.of(
            new GraphNode("flat", new Flatten(), List.of(Network.INPUT)),
            new GraphNode("norm", new GroupNorm(groups, 0.01f), List.of("flat")));

    requireSameOutputs(Network.of(new ImageShape(2, 5, 4), nodes), 1);
  }

  @Test
  void export_everyActivation_runsInOnnxRuntimeWithTheSameOutputs() {
    List<GraphNode> nodes = new ArrayList<>();
    String last = Network.INPUT;
    for (Function function : Function.values()) {
      nodes.add(new GraphNode("f" + nodes.size(), new Activation(function), List.of(last)));
      nodes.add(
          new GraphNode("n" + nodes.size(), new Affine(3, -1), List.of("f" + (nodes.size() - 1))));
      last = nodes.get(nodes.size() - 1).name();
    }
    nodes.add(new GraphNode("sum", new Add(), List.of(last, last, last)));
    nodes.add(new GraphNode("flat", new Flatten(), List.of("sum")));

    requireSameOutputs(Network.of(new ImageShape(2, 4, 4), nodes), 3);
  }

  static List<ModelConfig.CharLm> transformers() {
    return SampleTransformers.all();
  }

  @ParameterizedTest
  @MethodSource("transformers")
  void export_transformerWholeOrCut_runsInOnnxRuntimeWithTheSameOutputs(ModelConfig.CharLm model) {
    Random random = new Random(1);
    Network network = SampleTransformers.network(model);

    requireSameOutputs(network, SampleTransformers.tokens(BATCH, random), random);
    requireSameOutputs(halved(network), SampleTransformers.tokens(BATCH, random), random);
    Network classifier = SampleTransformers.classifier(model);
    requireSameOutputs(classifier, SampleTransformers.tokens(BATCH, random), random);
    requireSameOutputs(halved(classifier), SampleTransformers.tokens(BATCH, random), random);
  }

  @Test
  void export_rowsOfATable_takesThemWithoutImageAxes() {
    Network flattening = Network.of(new ModelConfig.Mlp(List.of(5)), new ImageShape(1, 1, 7), 3);
    Network imaging =
        Network.of(
            new ImageShape(1, 1, 7),
            List.of(
                new GraphNode("relu", new BatchNorm(Layer.EPSILON), List.of(Network.INPUT)),
                new GraphNode("flat", new Flatten(), List.of("relu")),
                new GraphNode("fc", new Linear(3, true), List.of("flat"))));

    for (Network network : List.of(flattening, imaging)) {
      Random random = new Random(1);
      Map<ParameterId, float[]> values = values(network, random);
      float[] rows = uniform(BATCH * 7, -1, 1, random);
      OnnxExport exported = OnnxExport.of(network, true, values::get, Map.of());

      try (OnnxNetwork runtime = OnnxNetwork.load(exported.bytes())) {
        assertThat(runtime.inputDimensions()).containsExactly(7);
        assertThat(runtime.run(rows))
            .containsExactly(EvaluationPass.run(network, values, BATCH, rows), within(1e-4f));
      }
    }
  }

  @Test
  void export_ofAnyNetwork_statesOpsetNamesAndFreeBatch() throws InvalidProtocolBufferException {
    Network network = Network.of(new ModelConfig.LeNet5(), new ImageShape(1, 28, 28), 10);

    OnnxExport exported =
        OnnxExport.of(
            network, false, values(network, new Random(1))::get, Map.of("recipe", "name = x"));

    ModelProto model = ModelProto.parseFrom(exported.bytes());
    assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(17);
    assertThat(model.getMetadataProps(0).getKey()).isEqualTo("recipe");
    ValueInfoProto input = model.getGraph().getInput(0);
    assertThat(input.getName()).isEqualTo("input");
    assertThat(input.getType().getTensorType().getShape().getDim(0).getDimParam())
        .isEqualTo("batch");
    assertThat(input.getType().getTensorType().getShape().getDim(3).getDimValue()).isEqualTo(28);
    assertThat(model.getGraph().getOutput(0).getName()).isEqualTo("logits");
    assertThat(model.getGraph().getInitializer(0).getName()).isEqualTo("conv1.weight");
  }

  @Test
  void export_ofTexts_takesNumbersOfTokensAndAMask() throws InvalidProtocolBufferException {
    ModelConfig.CharLm model = SampleTransformers.all().get(0);
    List<ValueInfoProto> ofClassifier = inputs(SampleTransformers.classifier(model));
    List<ValueInfoProto> ofLanguageModel = inputs(SampleTransformers.network(model));

    assertThat(ofClassifier)
        .extracting(ValueInfoProto::getName)
        .containsExactly("input_ids", "attention_mask");
    assertThat(ofLanguageModel).extracting(ValueInfoProto::getName).containsExactly("input_ids");
    for (ValueInfoProto input : ofClassifier) {
      assertThat(input.getType().getTensorType().getElemType())
          .isEqualTo(TensorProto.DataType.INT64.getNumber());
      assertThat(input.getType().getTensorType().getShape().getDimList())
          .extracting(dimension -> dimension.getDimParam() + dimension.getDimValue())
          .containsExactly("batch0", "6");
    }
    assertThat(exported(SampleTransformers.classifier(model)).inputs())
        .isEqualTo("input_ids [batch, 6], attention_mask [batch, 6]");
  }

  private static List<ValueInfoProto> inputs(Network network)
      throws InvalidProtocolBufferException {
    return ModelProto.parseFrom(exported(network).bytes()).getGraph().getInputList();
  }

  private static OnnxExport exported(Network network) {
    return OnnxExport.of(network, false, values(network, new Random(1))::get, Map.of());
  }

  @Test
  void export_nodesNamedLikeTheGraphsOwnNames_keepsThemApart() {
    Network network =
        Network.of(
            new ImageShape(1, 2, 2),
            List.of(
                new GraphNode("logits", new Flatten(), List.of(Network.INPUT)),
                new GraphNode("logits.weight", new Linear(3, true), List.of("logits")),
                new GraphNode("batch", new Linear(2, true), List.of("logits.weight"))));

    requireSameOutputs(network, 1);
  }

  @Test
  void export_withProbabilities_givesTheSoftmaxOfTheLogits() {
    Network network =
        Network.of(
            new ImageShape(1, 2, 2),
            List.of(
                new GraphNode("flat", new Flatten(), List.of(Network.INPUT)),
                new GraphNode("probabilities", new Linear(3, true), List.of("flat"))));
    Map<ParameterId, float[]> values = values(network, new Random(1));
    OnnxExport export = OnnxExport.of(network, false, values::get, Map.of());
    float[] example = {1, -2, 0.5f, 3};

    try (OnnxNetwork logits = OnnxNetwork.load(export.bytes());
        OnnxNetwork probabilities = OnnxNetwork.load(export.withProbabilities().bytes())) {
      float[] given = logits.run(example);
      double sum = Math.exp(given[0]) + Math.exp(given[1]) + Math.exp(given[2]);
      float[] softmax = probabilities.run(example);
      for (int i = 0; i < 3; i++) {
        assertThat((double) softmax[i]).isCloseTo(Math.exp(given[i]) / sum, within(1e-6));
      }
    }
  }

  /** Without every second channel of each group that may go. */
  private static Network halved(Network network) {
    NetworkGroups groups = NetworkGroups.of(network);
    List<Mask> kept = new ArrayList<>();
    for (Group group : groups.groups().all()) {
      kept.add(Mask.of(group.channels(), i -> !group.isPrunable() || i % 2 == 0));
    }
    return groups.cut(kept).network();
  }

  private static void requireSameOutputs(Network network, long seed) {
    Random random = new Random(seed);
    requireSameOutputs(network, uniform(BATCH * network.input().size(), -1, 1, random), random);
  }

  private static void requireSameOutputs(Network network, float[] examples, Random random) {
    Map<ParameterId, float[]> values = values(network, random);
    OnnxExport exported = OnnxExport.of(network, false, values::get, Map.of());

    float[] expected = EvaluationPass.run(network, values, BATCH, examples);

    try (OnnxNetwork runtime = OnnxNetwork.load(exported.bytes())) {
      assertThat(runtime.run(examples)).containsExactly(expected, within(tolerance(expected)));
    }
  }

  private static float tolerance(float[] expected) {
    float largest = 1;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    return 1e-4f * largest;
  }

  /** A third of the weights is pruned. */
  private static Map<ParameterId, float[]> values(Network network, Random random) {
    Map<ParameterId, float[]> values = new LinkedHashMap<>();
    for (ParameterSpec spec : network.parameters()) {
      int size = spec.shape().size();
      float bound = (float) Math.sqrt(6.0 / spec.fanIn());
      float[] drawn =
          spec.role() == Role.WEIGHT
              ? uniform(size, -bound, bound, random)
              : spec.role() == Role.RUNNING_VARIANCE || spec.role() == Role.NORM_SCALE
                  ? uniform(size, 0.5f, 1.5f, random)
                  : uniform(size, -0.5f, 0.5f, random);
      for (int i = 0; spec.role() == Role.WEIGHT && i < size; i++) {
        drawn[i] = random.nextInt(3) == 0 ? 0 : drawn[i];
      }
      values.put(spec.id(), drawn);
    }
    return Objects.requireNonNull(values);
  }

  private static float[] uniform(int size, float from, float to, Random random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = from + random.nextFloat() * (to - from);
    }
    return values;
  }
}
