package io.espalier.trainer.onnx.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.initial.InitialDraw;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.InitialValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that draw values in place of those of a file. */
class ImportedValuesTest {
  @TempDir private Path directory;

  private final ImportedNetwork imported = OnnxImportTest.imported(HandNetworks.leNet5());
  private final Network network = imported.network();

  private RunConfig config(String draw) throws IOException {
    Path file = Files.write(directory.resolve("net.onnx"), HandNetworks.leNet5());
    String recipe = "data = digits, model { kind = onnx, file = \"%s\", draw = %s }";
    return new RecipeLoader().parse("drawn.conf", recipe.formatted(file, draw), List.of()).config();
  }

  @Test
  void values_ofParametersToDraw_areDrawn_andTheOthersTheFiles() throws IOException {
    RunConfig config = config("[\"features*weight\", classifier.3.bias]");

    List<float[]> values = InitialValues.of(config, network);

    List<ParameterSpec> parameters = network.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i).id().name();
      boolean drawn = name.matches("features.*weight|classifier.3.bias");
      float[] expected =
          drawn ? InitialDraw.of(config).values(parameters.get(i), i) : imported.values().get(i);
      assertThat(values.get(i)).as(name).isEqualTo(expected);
    }
    assertThat(values.get(0)).isNotEqualTo(imported.values().get(0));
  }

  @Test
  void values_ofAPatternThatMatchesNothing_areRefused() throws IOException {
    RunConfig config = config("[\"conv*\"]");

    assertThatThrownBy(() -> InitialValues.verify(config, network, notice -> {}))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("model.draw: must match a parameter of the network: draw=conv*");
  }
}
