package io.espalier.trainer.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.run.SampleRuns;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreparedRunTest {
  @Test
  void validationShare_thatHoldsNoExampleOut_isRefused() {
    assertThat(prepared("0.0007").splits().validation()).hasSize(1);
    assertThatThrownBy(() -> prepared("0.0006"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("data.validation: must hold out one example at least, or be 0%")
        .hasMessageContaining("validation=6.0E-4, examples=1438");
  }

  @Test
  void federation_isRefusedAndSentToItsCommands() {
    RunConfig config = new RecipeLoader().load("fed-digits", List.of()).config();

    assertThatThrownBy(() -> PreparedRun.of(config, DataHome.of(Path.of("target"))))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("federation: must be none")
        .hasMessageContaining("federation=fedtiny")
        .hasMessageContaining("espalier simulate")
        .hasMessageContaining("espalier federate");
  }

  private static PreparedRun prepared(String validation) {
    return SampleRuns.prepare(
        new RecipeLoader().load("digits", List.of("data.validation=" + validation)).config());
  }
}
