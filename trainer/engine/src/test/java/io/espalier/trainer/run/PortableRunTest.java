package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PortableRunTest {
  private static final String PORTABLE = "train.engine.capability=portable";

  @TempDir private Path home;

  @Test
  void run_portable_hasTheBitsOfProcessorsWithFewerInstructions()
      throws IOException, InterruptedException {
    String portable = PortableRun.line(home, Map.of(), PORTABLE);
    String lowered =
        PortableRun.line(
            home,
            Map.of(
                "ATEN_CPU_CAPABILITY", "default",
                "MKL_CBWR", "COMPATIBLE",
                "MKL_ENABLE_INSTRUCTIONS", "SSE4_2",
                "ONEDNN_MAX_CPU_ISA", "SSE41"));
    String plain = PortableRun.line(home, Map.of());

    assertThat(portable).startsWith("portable (");
    assertThat(lowered).startsWith("default (").contains("MKL_CBWR=COMPATIBLE");
    assertThat(digest(lowered)).isEqualTo(digest(portable));
    if (!plain.startsWith("default (")) {
      assertThat(digest(plain)).isNotEqualTo(digest(portable));
    }
  }

  private static String digest(String line) {
    return line.substring(line.lastIndexOf(' ') + 1);
  }
}
