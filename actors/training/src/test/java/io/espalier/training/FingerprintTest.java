package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.HostedRun.Fingerprint;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FingerprintTest {
  @TempDir private Path home;

  private Fingerprint of(String execution) {
    return Fingerprint.of(
        PreparedRun.of(
            new RecipeLoader().load("digits", List.of("train.execution=" + execution)).config(),
            DataHome.of(home)),
        "");
  }

  @Test
  void difference_ofEqualNodes_isNone() {
    assertThat(of("java").differenceTo(of("java"))).isEmpty();
  }

  @Test
  void difference_ofAnotherArithmeticOfPlainJava_isNamed() {
    Fingerprint own = of("java");
    Fingerprint other =
        new Fingerprint(own.recipe(), own.data(), own.layout(), own.code(), own.arithmetic() + 1);

    assertThat(own.differenceTo(other))
        .contains(
            "all nodes of a run must have the same recipe, data, network, code and arithmetic:"
                + " arithmetic of plain Java=1, here=2");
  }
}
