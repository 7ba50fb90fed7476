package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.PATH;
import static io.espalier.configs.recipe.Notation.TEXT;
import static io.espalier.configs.recipe.Notation.TEXT_BY_NAME;
import static io.espalier.configs.recipe.Notation.WHOLE;

import com.typesafe.config.ConfigObject;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.WeightsConfig;
import io.espalier.configs.plugin.PluginKind;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** The registry of networks: one line per model. */
final class ModelFamilies {
  static final String INITIAL = "initial";

  static final String WEIGHTS = "weights";

  static final Family<MemberSettings> INITIALIZER = Family.members(INITIAL, PluginKind.INITIALIZER);

  static final Family<ModelConfig> MODEL =
      Family.<ModelConfig>named("model")
          .with("mlp", s -> model(s, ModelFamilies::mlp))
          .with("lenet-300-100", s -> model(s, lenet -> new ModelConfig.LeNet300100()))
          .with("lenet-5", s -> model(s, lenet -> new ModelConfig.LeNet5()))
          .with("lenet-5-bn", s -> model(s, lenet -> new ModelConfig.LeNet5BatchNorm()))
          .with("resnet-8", s -> model(s, resNet -> resNet(resNet, 8)))
          .with("resnet-14", s -> model(s, resNet -> resNet(resNet, 14)))
          .with("resnet-20", s -> model(s, resNet -> resNet(resNet, 20)))
          .with("resnet-26", s -> model(s, resNet -> resNet(resNet, 26)))
          .with("resnet-32", s -> model(s, resNet -> resNet(resNet, 32)))
          .with("resnet-38", s -> model(s, resNet -> resNet(resNet, 38)))
          .with("resnet-44", s -> model(s, resNet -> resNet(resNet, 44)))
          .with("resnet-50", s -> model(s, resNet -> resNet(resNet, 50)))
          .with("resnet-56", s -> model(s, resNet -> resNet(resNet, 56)))
          .with("mobilenet", s -> model(s, ModelFamilies::mobileNet))
          .with("char-lm", s -> model(s, ModelFamilies::charLm))
          .with("tiny-vit", s -> model(s, ModelFamilies::tinyVit))
          .with(
              "text-classifier",
              s -> model(s, blocks -> new ModelConfig.TextClassifier(charLm(blocks))))
          .with("layers", s -> model(s, LayersReader::read))
          .with("onnx", s -> model(s, ModelFamilies::onnx))
          .plugins(
              PluginKind.NETWORK,
              (s, own) -> model(s, custom -> new ModelConfig.Custom(own)),
              WEIGHTS,
              INITIAL);

  private static final Family<ModelConfig.Positions> POSITIONS =
      Family.of("positions", ModelConfig.Positions.class);

  private static final Family<ModelConfig.SequenceNorm> NORM =
      Family.of("norm", ModelConfig.SequenceNorm.class);

  private static final Family<ModelConfig.FeedForward> FEED_FORWARD =
      Family.of("feed-forward", ModelConfig.FeedForward.class);

  private static final Family<ModelConfig.Pooling> POOLING =
      Family.of("pooling", ModelConfig.Pooling.class);

  private static final Family<ModelConfig.Head> HEAD = Family.of("head", ModelConfig.Head.class);

  private ModelFamilies() {}

  private static ModelConfig model(
      Section model, Function<Section, ? extends ModelConfig.Architecture> architecture) {
    return new ModelConfig(
        model.part(architecture), startingWeights(model), INITIALIZER.read(model, INITIAL));
  }

  private static ModelConfig.Mlp mlp(Section mlp) {
    return new ModelConfig.Mlp(mlp.value("hidden", WHOLE.list()));
  }

  private static ModelConfig.ResNet resNet(Section resNet, int depth) {
    return new ModelConfig.ResNet(depth, resNet.value("width", WHOLE));
  }

  private static ModelConfig.Onnx onnx(Section onnx) {
    return new ModelConfig.Onnx(
        onnx.required("file", PATH, "an ONNX file", Path.of("")),
        onnx.optional("sha256", TEXT),
        onnx.given("draw", TEXT.list()),
        onnx.optional("output", TEXT),
        HEAD.read(onnx, "head"));
  }

  private static ModelConfig.MobileNet mobileNet(Section mobileNet) {
    return new ModelConfig.MobileNet(mobileNet.value("width", WHOLE));
  }

  private static ModelConfig.CharLm charLm(Section transformer) {
    int features = transformer.value("features", WHOLE);
    int heads = transformer.value("heads", WHOLE);
    return new ModelConfig.CharLm(
        transformer.value("layers", WHOLE),
        features,
        heads,
        transformer.optional("key-value-heads", WHOLE).orElse(heads),
        transformer.optional("hidden", WHOLE).orElse(4 * features),
        POSITIONS.read(transformer, "positions"),
        NORM.read(transformer, "norm"),
        FEED_FORWARD.read(transformer, "feed-forward"));
  }

  private static ModelConfig.TinyVit tinyVit(Section vision) {
    int features = vision.value("features", WHOLE);
    return new ModelConfig.TinyVit(
        vision.value("patch", WHOLE),
        vision.value("layers", WHOLE),
        features,
        vision.value("heads", WHOLE),
        vision.optional("hidden", WHOLE).orElse(4 * features),
        POOLING.read(vision, "pooling"));
  }

  /** A bare path, or a block with a file. */
  private static Optional<WeightsConfig> startingWeights(Section model) {
    return model.at(WEIGHTS).filter(ConfigObject.class::isInstance).isPresent()
        ? Optional.of(model.block(WEIGHTS, ModelFamilies::weights))
        : model.optional(WEIGHTS, PATH).map(WeightsConfig::of);
  }

  static WeightsConfig weights(Section weights) {
    return new WeightsConfig(
        weights.required("file", PATH, "a safetensors file", Path.of("")),
        weights.optional("sha256", TEXT),
        weights.value("names", TEXT_BY_NAME),
        weights.value("transpose", TEXT.list()),
        weights.value("ignore", TEXT.list()),
        weights.value("draw", TEXT.list()));
  }
}
