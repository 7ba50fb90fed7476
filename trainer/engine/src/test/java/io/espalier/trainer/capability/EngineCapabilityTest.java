package io.espalier.trainer.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import io.espalier.configs.EngineConfig;
import io.espalier.configs.EngineConfig.Capability;
import io.espalier.configs.EngineConfig.Mismatch;
import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.engine.TensorEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EngineCapabilityTest {
  @ParameterizedTest
  @CsvSource({
    "sse4_2 avx, default",
    "avx2, default",
    "avx2 fma, avx2",
    "avx2 fma avx512f avx512vl avx512bw, avx2",
    "avx2 fma avx512f avx512vl avx512bw avx512dq, avx512"
  })
  void chosen_byFeatures_isTheWidestThatTheEngineTakes(String flags, String expected) {
    assertThat(EngineCapability.chosen(processor(flags), Map.of()))
        .isEqualTo(expected + " (AuthenticAMD)");
  }

  @Test
  void chosen_byTheEnvironment_isThatWithTheSettingsOfLibraries() {
    Map<String, String> environment =
        Map.of("ATEN_CPU_CAPABILITY", "default", "MKL_CBWR", "COMPATIBLE", "HOME", "/home");

    assertThat(EngineCapability.chosen(processor("avx2 fma"), environment))
        .isEqualTo("default (AuthenticAMD, MKL_CBWR=COMPATIBLE)");
  }

  @Test
  void processor_withoutDescription_isTheArchitecture() {
    Processor unknown = Processor.parse(List.of("processor\t: 0"), "aarch64");

    assertThat(unknown.name()).isEqualTo("aarch64");
    assertThat(EngineCapability.chosen(unknown, Map.of())).isEqualTo("default (aarch64)");
  }

  @Test
  void current_ofARunningEngine_isItsOwnChoice() throws IOException {
    TensorEngine.version();

    assertThat(EngineCapability.current()).startsWith(ofTheEngine() + " (");
  }

  @Test
  void use_portableOfARunningEngine_isRefusedWithTheWayOut() {
    TensorEngine.version();

    assertThatThrownBy(
            () -> EngineCapability.use(new EngineConfig(Capability.PORTABLE, Mismatch.WARN)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("train.engine.capability = portable")
        .hasMessageContaining("start the run in a process of its own");
  }

  @Test
  void mismatch_ofOtherInstructions_isAnAlertOrARefusal() {
    assertThat(EngineCapability.mismatch("the run", "avx512 (A)", "avx2 (B)", Mismatch.WARN))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("its bits change: before=avx512 (A), here=avx2 (B)")
                    .contains("train.engine.capability = portable"));
    assertThatThrownBy(
            () -> EngineCapability.mismatch("the run", "avx512 (A)", "avx2 (B)", Mismatch.REFUSE))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("train.engine.capability-mismatch: the run must compute")
        .hasMessageContaining("before=avx512 (A), here=avx2 (B)");
  }

  @ParameterizedTest
  @CsvSource({"avx2, avx2", "'', avx2", "avx2, ''"})
  void mismatch_ofTheSameOrUnknown_isNone(String before, String here) {
    assertThat(EngineCapability.mismatch("the run", before, here, Mismatch.REFUSE)).isEmpty();
  }

  /** Calls {@code at::get_cpu_capability}; x86-64 returns its text in memory of the caller's. */
  private static String ofTheEngine() throws IOException {
    Memory text = new Memory(4 * Long.BYTES);
    NativeLibrary.getInstance(library())
        .getFunction("_ZN2at18get_cpu_capabilityB5cxx11Ev")
        .invokePointer(new Object[] {text});
    return text.getPointer(0).getString(0).toLowerCase(Locale.ROOT);
  }

  private static String library() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines
          .filter(line -> line.endsWith("/libtorch_cpu.so"))
          .map(line -> line.substring(line.indexOf('/')))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Processor processor(String flags) {
    return Processor.parse(
        List.of(
            "processor\t: 0",
            "vendor_id\t: AuthenticAMD",
            "model name\t: AMD EPYC 7763 64-Core Processor",
            "flags\t\t: fpu " + flags,
            "processor\t: 1",
            "flags\t\t: none"),
        "amd64");
  }
}
