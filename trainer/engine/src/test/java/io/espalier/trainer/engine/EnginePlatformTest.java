package io.espalier.trainer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class EnginePlatformTest {
  @Test
  void problem_onTheMachineThatTheProgramWasBuiltOn_isNone() {
    assertThat(EnginePlatform.problem()).isEmpty();
  }

  @Test
  void problem_onAMachineWithoutAnEngine_namesItAndWhatHelps() {
    assertThat(EnginePlatform.problem("linux-riscv64", new TreeSet<>(List.of("linux-aarch64"))))
        .contains(
            "the engine must be built for this machine: platform=linux-riscv64,"
                + " engine=[linux-aarch64]; build Espalier on the machine itself, which takes the"
                + " engine for linux-x86_64 or linux-aarch64, or set PYTORCH_LIBRARY_PATH to the"
                + " directory of a PyTorch for it");
  }
}
