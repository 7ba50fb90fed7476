package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.LayerConfig;
import io.espalier.configs.LayerConfig.Named;
import io.espalier.configs.LayerKinds;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.recipe.RecipeLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks that a recipe spells out layer by layer. */
final class LayerRecipesTest {
  private static final String NAMES =
      new LayerRegistry()
          .all().stream().map(LayerKinds.Kind::name).collect(Collectors.joining(", "));
  private static final String BRANCHES =
      """
      data = digits
      model { kind = layers, layers = [
        { kind = convolution, outputs = 20, kernel = 5, padding = 2 } // the stem
        batch-norm, relu, { kind = max-pool, name = pool1 }
        { kind = convolution, name = left, outputs = 8, kernel = 1, groups = 4 }
        { kind = convolution, name = right, from = pool1, outputs = 8, kernel = 1, bias = false }
        { kind = concat, from = [left, right] }
        flatten
        { kind = linear, outputs = 100 }
        relu6
        { kind = linear, name = output, outputs = classes }
      ] }
      """;

  @Test
  void layers_namesAndInputsLeftOut_followKindNumberAndOrder() {
    assertThat(layers(BRANCHES))
        .containsExactly(
            named("conv1", RecipeLayers.convolution(20, 5, 1, 2, 1, true), "input"),
            named("norm1", RecipeLayers.of("batch-norm"), "conv1"),
            named("relu1", RecipeLayers.of("relu"), "norm1"),
            named("pool1", RecipeLayers.pool("max-pool", 2, 2, 0), "relu1"),
            named("left", RecipeLayers.convolution(8, 1, 1, 0, 4, true), "pool1"),
            named("right", RecipeLayers.convolution(8, 1, 1, 0, 1, false), "pool1"),
            named("concat1", RecipeLayers.of("concat"), "left", "right"),
            named("flatten1", RecipeLayers.of("flatten"), "concat1"),
            named("fc1", RecipeLayers.linear(100, true), "flatten1"),
            named("relu2", RecipeLayers.of("relu6"), "fc1"),
            named("output", RecipeLayers.linear(RecipeLayers.CLASSES, true), "relu2"));
  }

  @Test
  void norms_ofGroupsAndOfLayers_haveTheNamesAndTextOfNorms() {
    String recipe =
        "data = digits, model { kind = layers, layers = [{ kind = group-norm, groups = 4 },"
            + " batch-norm, layer-norm] }";

    assertThat(layers(recipe))
        .containsExactly(
            named("norm1", RecipeLayers.groupNorm(4), "input"),
            named("norm2", RecipeLayers.of("batch-norm"), "norm1"),
            named("norm3", RecipeLayers.of("layer-norm"), "norm2"));
    assertThat(new RecipeLoader().parse("my.conf", recipe, List.of()).text())
        .contains("    { kind = group-norm, name = \"norm1\", groups = 4 }\n")
        .contains("    { kind = layer-norm, name = \"norm3\" }\n");
  }

  @Test
  void numbers_thatALayerIsNamedWith_areSkipped() {
    String recipe =
        "data = digits, model { kind = layers, layers = [relu, { kind = tanh, name = relu2 }, relu]"
            + " }";

    assertThat(layers(recipe)).extracting(Named::name).containsExactly("relu1", "relu2", "relu3");
  }

  @Test
  void text_layers_hasOneLinePerLayerWithEverySetting() {
    assertThat(new RecipeLoader().parse("my.conf", BRANCHES, List.of()).text())
        .contains(
            """
            model {
              kind = layers
              layers = [
                { kind = convolution, name = "conv1", outputs = 20, kernel = 5, stride = 1, padding = 2, groups = 1, bias = true }
                { kind = batch-norm, name = "norm1" }
            """)
        .contains(
            """
                { kind = convolution, name = "right", from = "pool1", outputs = 8, kernel = 1, stride = 1, padding = 0, groups = 1, bias = false }
                { kind = concat, name = "concat1", from = ["left", "right"] }
            """);
  }

  @Test
  void text_ofLayers_loadsBackEqual() {
    String recipe =
        "data = digits, model { kind = layers, layers = [{ kind = convolution, outputs = 6, kernel"
            + " = 3, groups = 3, bias = false, stride = 2, padding = 1 }, batch-norm, { kind ="
            + " leaky-relu, slope = 0.2 }, { kind = max-pool, kernel = 3, stride = 1, padding = 1"
            + " }, average-pool, { kind = relu6, name = a.b }, { kind = concat, from = [a.b, pool2,"
            + " input] }, flatten, { kind = linear, outputs = classes, bias = false }] }";
    RecipeLoader loader = new RecipeLoader();
    var resolved = loader.parse("my.conf", recipe, List.of());

    assertThat(loader.parse("text.conf", resolved.text(), List.of()).config())
        .isEqualTo(resolved.config());
  }

  @Test
  void defaults_thatTheReferenceDocuments_areThoseOfTheKinds() throws IOException {
    String reference = Files.readString(Path.of("../../configs/reference.conf"));
    Config documented = ConfigFactory.parseString(reference).getConfig("defaults.layer");

    for (LayerKinds.Kind kind : new LayerRegistry().all()) {
      String own =
          "kind = "
              + kind.name()
              + switch (kind.name()) {
                case "convolution" -> ", outputs = 3, kernel = 1";
                case "linear" -> ", outputs = 3";
                case "group-norm" -> ", groups = 1";
                case "token-embedding" -> ", features = 4";
                case "rotary-embedding" -> ", head-size = 4";
                case "attention" -> ", head-size = 4, from = [input, input, input]";
                default -> kind.takes(1) ? "" : ", from = [input, input]";
              };
      String keys =
          documented.hasPath(kind.name()) ? documented.getObject(kind.name()).render() : "{}";
      String recipe = "data = digits, model { kind = layers, layers = [{ " + own + " }%s] }";

      assertThat(layers(recipe.formatted(keys))).isEqualTo(layers(recipe.formatted("")));
    }
    assertThat(documented.root().keySet())
        .isSubsetOf(new LayerRegistry().all().stream().map(LayerKinds.Kind::name).toList());
  }

  @Test
  void problems_ofLayersOfSequences_areNamed() {
    assertThat(
            problemsOf(
                """
                data = text
                model { kind = layers, layers = [
                  { kind = token-embedding }
                  { kind = rotary-embedding }
                  { kind = rotary-embedding, head-size = 3 }
                  { kind = attention, head-size = 4 }
                ] }
                """))
        .containsExactlyInAnyOrder(
            "my.conf:3: model.layers[0].features: features must be given: the width of the"
                + " sequence, such as 128",
            "my.conf:4: model.layers[1].head-size: head-size must be given: features of a head,"
                + " such as 32",
            "my.conf:5: model.layers[2].head-size: head-size must be an even number: head-size=3",
            "my.conf:6: model.layers[3].from: from must be a list of three layers for attention:"
                + " from=[rotary2]");
  }

  @Test
  void problems_ofManyLayers_areReportedAllAtOnceWithTheirLines() {
    assertThat(
            problemsOf(
                """
                data = digits
                model { kind = layers, layers = [
                  { kind = convolution, outputs = 6, kernel = 0, groups = 4 }
                  { kind = convolution, kernl = 3, padding = x }
                  { kind = rely, name = act }
                  { kind = max-pool, from = act, padding = 2, nam = p }
                  { kind = add, from = [act, pol1] }
                  { kind = concat }
                  { kind = flatten, from = [concat1, fc1] }
                  { kind = linear }
                  { kind = sigmoid, name = act }
                  { kind = tanh, name = "a b" }
                  3
                ] }
                """))
        .containsExactlyInAnyOrder(
            "my.conf:3: model.layers[0].kernel: kernel must be from 1 to 1000: kernel=0",
            "my.conf:3: model.layers[0].groups: groups must be a divisor of outputs: groups=4",
            "my.conf:4: model.layers[1].outputs: outputs must be given: a number of channels, or"
                + " classes for one per class",
            "my.conf:4: model.layers[1].kernel: kernel must be given: the side of its square"
                + " window, such as 3",
            "my.conf:4: model.layers[1].padding: padding must be a whole number: padding=\"x\"",
            "my.conf:4: model.layers[1].kernl: unknown key: kernl=3; known keys: bias, from,"
                + " groups, kernel, kind, name, outputs, padding, stride; did you mean kernel?",
            "my.conf:5: model.layers[2]: layers[2] must be one of "
                + NAMES
                + ": layers[2]=\"rely\"; did you mean"
                + " relu?",
            "my.conf:6: model.layers[3].padding: padding must be at most half of the kernel:"
                + " padding=2",
            "my.conf:6: model.layers[3].nam: unknown key: nam=\"p\"; known keys: from, kernel,"
                + " kind, name, padding, stride; did you mean name?",
            "my.conf:7: model.layers[4].from: from must be input or earlier layers, and there is no"
                + " pol1: from=[\"act\",\"pol1\"]; did you mean pool1?",
            "my.conf:8: model.layers[5].from: from must be a list of two or more layers for concat:"
                + " from=[add1]",
            "my.conf:9: model.layers[6].from: from must be input or earlier layers, and fc1 does"
                + " not come earlier: from=[\"concat1\",\"fc1\"]",
            "my.conf:9: model.layers[6].from: from must be one layer for flatten:"
                + " from=[\"concat1\",\"fc1\"]",
            "my.conf:10: model.layers[7].outputs: outputs must be given: a number of features, or"
                + " classes for one per class",
            "my.conf:11: model.layers[8].name: name must be a name of its own, not input nor that"
                + " of an earlier layer: name=\"act\"",
            "my.conf:12: model.layers[9].name: name must be letters, digits, - and _, with dots"
                + " between them: name=\"a b\"",
            "my.conf:13: model.layers[10]: layers[10] must be one of " + NAMES + ": layers[10]=3");
  }

  @Test
  void branches_thatNoLayerReads_areAllNamed() {
    assertThat(
            problemsOf(
                """
                data = digits
                model { kind = layers, layers = [
                  flatten
                  { kind = linear, outputs = 3 }
                  { kind = relu, name = branch, from = flatten1 }
                  { kind = linear, from = flatten1, outputs = classes }
                ] }
                """))
        .containsExactly(
            "my.conf:4: model.layers[1].name: name must be in the from of a later layer, because"
                + " only the last layer is the output: name=fc1",
            "my.conf:5: model.layers[2].name: name must be in the from of a later layer, because"
                + " only the last layer is the output: name=\"branch\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "kind=layers | model.layers: layers must be given: a list of layers, such as [flatten,"
            + " { kind = linear, outputs = classes }]",
        "kind=layers,layers=relu | model.layers: layers must be a list of layers, such as [flatten,"
            + " { kind = linear, outputs = classes }]: layers=\"relu\"",
        "kind=layers,layers=[] | model.layers: layers must be a list of 1 to 1000 layers:"
            + " layers=[]",
        "kind=layers,layers=[{kind=linear,outputs=0}] | model.layers[0].outputs: outputs must be 1"
            + " or more: outputs=0",
        "kind=layers,layers=[{kind=linear,outputs=many}] | model.layers[0].outputs: outputs must be"
            + " a whole number, or classes: outputs=\"many\"",
        "kind=layers,layers=[{kind=linear,outputs=classes,bias=1}] | model.layers[0].bias: bias"
            + " must be true or false: bias=1",
        "kind=layers,layers=[{kind=group-norm,groups=0}] | model.layers[0].groups: groups must be 1"
            + " or more: groups=0",
        "kind=layers,layers=[{kind=group-norm,groups=2.5}] | model.layers[0].groups: groups must be"
            + " a whole number: groups=2.5",
        "kind=layers,layers=[group-norm] | model.layers[0].groups: groups must be given: the number"
            + " of blocks of channels that are normalised apart, such as 4",
        "kind=layers,layers=[{kind=layer-norm,groups=2}] | model.layers[0].groups: groups is"
            + " a key of kinds convolution, group-norm, not of layer-norm: groups=2; known keys: from, kind, name",
        "kind=layers,layers=[{kind=leaky-relu,slope=1}] | model.layers[0].slope: slope must be at"
            + " least 0 and below 1: slope=1",
        "kind=layers,layers=[{kind=relu,from=[[a]]}] | model.layers[0].from: from must be text, or"
            + " a list, each item text: from=[[\"a\"]]",
        "kind=layers,layers=[{kind=relu,name=input}] | model.layers[0].name: name must be a name of"
            + " its own, not input nor that of an earlier layer: name=\"input\"",
        "kind=layers,width=3,layers=[relu] | model.width: width is a key of kinds"
            + " resnet-8, resnet-14, resnet-20, resnet-26, resnet-32, resnet-38 and others, not of"
            + " layers: width=3; known keys: initial, kind, layers, weights",
      })
  void model_wrong_isNamedWithItsRule(String model, String problem) {
    assertThat(problemsOf("data = digits\nmodel { " + model + " }"))
        .containsExactly("my.conf:2: " + problem);
  }

  @Test
  void layer_withoutAKind_isNamedWithAllKinds() {
    assertThat(problemsOf("data = digits\nmodel { kind = layers, layers = [{ name = a }] }"))
        .containsExactly("my.conf:2: model.layers[0]: layers[0] must name one of " + NAMES);
    assertThat(NAMES)
        .startsWith(
            "flatten, convolution, linear, batch-norm, group-norm, layer-norm, relu, relu6,")
        .contains(
            "max-pool, average-pool, global-average-pool, flatten-positions, mean-pool,"
                + " first-position, add, concat")
        .endsWith("position-norm, rms-norm, attention");
  }

  private static List<Named> layers(String recipe) {
    ModelConfig.Architecture architecture =
        new RecipeLoader().parse("my.conf", recipe, List.of()).config().model().architecture();
    return ((ModelConfig.Layers) architecture).layers();
  }

  private static Named named(String name, LayerConfig layer, String... from) {
    return new Named(name, layer, List.of(from));
  }

  private static List<String> problemsOf(String recipe) {
    InvalidConfigException invalid =
        Assertions.catchThrowableOfType(
            InvalidConfigException.class,
            () -> new RecipeLoader().parse("my.conf", recipe, List.of()));
    return invalid.problems().stream().map(Problem::toString).toList();
  }
}
