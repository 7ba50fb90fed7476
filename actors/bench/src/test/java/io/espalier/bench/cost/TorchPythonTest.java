package io.espalier.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Of a machine with Python. */
@Tag("slow")
class TorchPythonTest {
  /** A step is timed by its thread's processor time, so another thread's work would not count. */
  @Test
  void start_anyScript_computesWithOneThread() throws IOException {
    try (TimedProcess script = new TorchPython("python3").start("environment.py")) {
      assertThat(script.text("OPENBLAS_NUM_THREADS")).isEqualTo("1");
      assertThat(script.text("OMP_NUM_THREADS")).isEqualTo("1");
      assertThat(script.text("MKL_NUM_THREADS")).isEqualTo("1");
    }
  }
}
